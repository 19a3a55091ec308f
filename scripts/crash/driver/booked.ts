import { hurryChecks } from "./faults";
import type { Order } from "./order";
import type { World } from "./world";

/** What the wallet was paid for an order is noticed in the end, in time or not. */
export async function allBooked(order: Order, world: World): Promise<void> {
  await world.eventually("what the wallet was paid is booked", async () => {
    await hurryChecks(order, world);
    return (await world.orders.unbooked(order.id)) === 0 ? true : null;
  });
}

/** Runs what is asked of an order, and adds to what it throws all that is known of the order. */
export async function withFacts<T>(order: Order, world: World, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw new Error(await world.orders.facts(order), { cause: error });
  }
}
