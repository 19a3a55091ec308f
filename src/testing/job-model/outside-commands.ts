import fc from "fast-check";
import { command, pick, pickOf } from "./command";
import { type Model, ordersOf } from "./model";
import type { ModelPayout } from "./order-model";
import type { World } from "./world";

const SECOND = 1000;
export const timePasses = fc
  .constantFrom(...[1, 1, 3, 3, 30, 30, 61, 61, 600, 1_860, 90_000].map((seconds) => seconds * SECOND))
  .map((ms) =>
    command(
      `${ms / SECOND} s pass`,
      () => true,
      async (model, world) => {
        await world.advance(ms);
        model.now += ms;
      },
    ),
  );

export const outage = fc.constantFrom("refusing" as const, "silent" as const).map((how) =>
  command(
    `the wallet goes down (${how})`,
    (model) => !model.outage,
    async (model, { wallet }) => {
      model.outage = how;
      wallet.down(how);
    },
  ),
);
export const recovery = fc.constant(
  command(
    "the wallet is back",
    ({ outage }) => outage !== null,
    async (model, { wallet }) => {
      model.outage = null;
      wallet.up();
    },
  ),
);

const isHeld = ({ fate }: ModelPayout) => fate === "heldPending" || fate === "heldUnseen";
const held = (model: Model) => ordersOf(model).flatMap(({ payouts }) => payouts.filter(isHeld));
export const letGo = fc.tuple(pick, fc.boolean(), fc.constantFrom(0n, 1_500n)).map(([which, goesOut, feeMsat]) =>
  command(
    `a held payment ${goesOut ? "goes out" : "fails"}`,
    (model) => held(model).length > 0,
    (model, world) => letOneGo(model, world, pickOf(held(model), which), goesOut, feeMsat),
  ),
);

export async function letOneGo(model: Model, world: World, payout: ModelPayout, goesOut: boolean, feeMsat = 0n) {
  // An expired invoice can no longer be paid, by whomever.
  const out = goesOut && payout.expiresAt > model.now;
  world.mood.feeMsat = feeMsat;
  payout.fate = out ? "paid" : "failed";
  if (out) payout.feeMsat = feeMsat;
  await world.wallet.letGo(payout.paymentHash, out ? "goesOut" : "fails");
}
