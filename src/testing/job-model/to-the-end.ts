import fc from "fast-check";
import { expect } from "vitest";
import { unwrap } from "../unwrap";
import { agree } from "./agreement";
import { GOOD, type Manner, runTask } from "./background-commands";
import { oneOf, places } from "./command";
import { heard, isOver, type Judging, type Model, ordersOf, type Working } from "./model";
import { addInvoice, cancelJob } from "./order-commands";
import { inFlight } from "./order-model";
import { letOneGo } from "./outside-commands";
import { awaited, dueInvoices, payPlace } from "./payment-commands";
import { claimFor } from "./refund-commands";
import { cleanUp, finish, WELL } from "./session-commands";
import { heldOf, isRunning, type ModelSession, sessionClosed } from "./session-model";
import type { World } from "./world";

/** How the jobs that are still open come to their end, and whether a payment comes after it. */
export type Ending = { pays: boolean; cancels: boolean; judge: Judging; work: Working; late: boolean };
export const anyEnding: fc.Arbitrary<Ending> = fc.record({
  pays: fc.boolean(),
  cancels: fc.boolean(),
  judge: oneOf<Judging>({ acceptable: 4, unacceptable: 2, nonsense: 1, unreachable: 1, dies: 0 }),
  work: oneOf<Working>({ done: 3, refused: 1, empty: 1, truncated: 1, unreachable: 1, dies: 0 }),
  late: fc.boolean(),
});

const MOST_ROUNDS = 120;
const ROUND_MS = 61_000;

/**
 * Whatever was done to them: with the wallet back and time passing, every job comes to its end by itself, every session
 * can be closed, every sat that is owed can be claimed, and nothing is left.
 */
export async function toTheEnd(model: Model, world: World, ending: Ending): Promise<void> {
  model.outage = null;
  world.wallet.up();
  for (const payout of ordersOf(model).flatMap(({ payouts }) => payouts)) {
    if (payout.fate === "heldPending" || payout.fate === "heldUnseen") await letOneGo(model, world, payout, true);
  }
  for (const request of model.requests.filter((one) => isRunning(one) && !one.left)) {
    await finish(model, world.asking(request), WELL);
  }
  await cleanUp(model, world);
  await untilAllRest(model, world, ending);
  if (ending.late) {
    for (const job of model.jobs) await payPlace(world, { order: job, invoice: await addInvoice(world, job) });
    const unpaid = model.sessions.flatMap((order) => order.invoices.map((invoice) => ({ order, invoice })));
    for (const place of unpaid) if (place.invoice.creditedMsat === null) await payPlace(world, place);
    await bookUnseenPayments(model, world);
  }
  for (const order of ordersOf(model).filter(({ owed }) => owed > 0n)) await claimFor(model, world, order, "invoice");
  await untilAllRest(model, world, ending);

  await agree(model, world);
  for (const job of model.jobs) {
    expect({ ...job, left: job.escrow + job.owed + job.inFlight }).toMatchObject({ left: 0n });
    expect(job.earned + job.paidOut).toBe(job.credited);
  }
  for (const session of model.sessions) {
    const { balance, owed, inFlight: sent, earned, paidOut, credited } = session;
    expect({ left: balance + heldOf(session) + owed + sent }).toEqual({ left: 0n });
    expect(earned + paidOut).toBe(credited);
  }
}

const isClosed = ({ state }: ModelSession) => state === "closed" || state === "expired";

async function untilAllRest(model: Model, world: World, ending: Ending): Promise<void> {
  const resting = () =>
    model.jobs.every(isOver) && model.sessions.every(isClosed) && !ordersOf(model).some((order) => inFlight(order));
  for (let round = 0; !resting(); round += 1) {
    expect(round, "rounds until every job is at its end").toBeLessThan(MOST_ROUNDS);
    const [first] = awaited(model);
    if (ending.pays) for (const place of awaited(model)) await payPlace(world, place);
    else if (ending.cancels && first?.order.kind === "job") await cancelJob(world, first.order);
    for (const session of model.sessions.filter(({ state }) => state === "active")) {
      sessionClosed(session);
      unwrap(await world.shop.services.sessions.close(session.id, session.refundToken));
    }
    await oneMinute(model, world, { ...GOOD, judge: ending.judge, work: ending.work });
  }
  await bookUnseenPayments(model, world);
}

/** What the worker does in a minute: sweep, then work what is due. */
async function oneMinute(model: Model, world: World, manner: Manner): Promise<void> {
  for (const { order, invoice } of await dueInvoices(model, world)) {
    invoice.lookedUpAt = model.now;
    heard(model, order, invoice);
  }
  await world.shop.services.invoices.sweep();
  for (const task of await world.dueTasks(ordersOf(model).map(({ id }) => id)))
    await runTask(model, world, task, manner);
  await world.advance(ROUND_MS);
  model.now += ROUND_MS;
}

/** The reading that is taken every minute finds what nobody asks for any more. */
async function bookUnseenPayments(model: Model, world: World): Promise<void> {
  const unseen = places(model, ({ invoice }) => invoice.creditedMsat !== null && invoice.state !== "settled");
  if (unseen.length === 0) return;
  expect(await world.shop.services.books.takeReading()).toEqual({ ok: true, provenWrong: false });
  for (const { order, invoice } of unseen) heard(model, order, invoice);
}
