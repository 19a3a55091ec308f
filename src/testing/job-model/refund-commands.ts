import fc from "fast-check";
import { expect } from "vitest";
import { msat } from "~/core/money";
import type { Result } from "~/core/result";
import type { RefundAnswer } from "~/modules/orders/order-schema";
import type { RefundWay } from "~/modules/payouts/payout-service";
import { outsideInvoice } from "../outside-node";
import { unwrap } from "../unwrap";
import { k1Of } from "../withdraw-code";
import { command, oneOf, pick, pickOf } from "./command";
import { type Model, type ModelOrder, ordersOf } from "./model";
import { inFlight } from "./order-model";
import { type ClaimAnswer, claimAnswer, claimed, creditAnswer, creditedInto, type Target } from "./payout-model";
import type { World } from "./world";

const SECOND = 1000;
type Wrong = "right" | "amount" | "amountless" | "network" | "expiring" | "ours" | "reused";
const wrongs = oneOf<Wrong>({ right: 8, amount: 1, amountless: 1, network: 1, expiring: 1, ours: 1, reused: 1 });
type Presented = Target & { paymentRequest: string };

/** An invoice for so much, with what is wrong about it. */
function invoiceFor(model: Model, amount: bigint, wrong: Wrong, now: Date): Presented {
  if (wrong === "reused") {
    const used = ordersOf(model)
      .flatMap(({ payouts }) => payouts)
      .filter(({ paymentRequest }) => paymentRequest !== "")
      .at(-1);
    if (used) return { ...used, network: "bcrt", amountMsat: used.amount * 1000n };
  }
  const expirySeconds = wrong === "expiring" ? 55 : 3600;
  const createdAt = new Date(Math.floor(now.getTime() / SECOND) * SECOND);
  const right = amount === 0n ? 1n : amount;
  const amountMsat =
    wrong === "amountless" ? null : wrong === "amount" ? msat(right * 1000n + 1n) : msat(right * 1000n);
  const network = wrong === "network" ? "bc" : "bcrt";
  const made = outsideInvoice({ amountMsat, network, createdAt, expirySeconds });
  return { ...made, amountMsat, network, expiresAt: createdAt.getTime() + expirySeconds * SECOND };
}

const owing = ({ owed, inFlight: sent }: ModelOrder) => owed + sent > 0n;
/** Mostly an order that is owed something; now and then any. */
const claimants = (model: Model, which: number) => {
  const orders = ordersOf(model);
  return which % 10 > 0 && orders.some(owing) ? orders.filter(owing) : orders;
};
const refundOf = ({ shop }: World, { kind, id }: ModelOrder, token: string, way: RefundWay): Promise<Answer> =>
  shop.services[kind === "job" ? "jobs" : "sessions"].refund(id, token, way);
type Answer = Result<RefundAnswer, { code: string }>;

export const claim = fc
  .tuple(pick, fc.constantFrom("invoice" as const, "invoice" as const, "address" as const), wrongs)
  .map(([which, way, wrong]) =>
    command(
      `claim by ${way} (${wrong})`,
      (model) => claimants(model, which).length > 0,
      async (model, world) => {
        const order = pickOf(claimants(model, which), which);
        await claimFor(model, world, order, way, wrong);
        return order;
      },
    ),
  );

export async function claimFor(
  model: Model,
  world: World,
  order: ModelOrder,
  by: "invoice" | "address",
  wrong: Wrong = "right",
) {
  const { shop, clock } = world;
  const presented = invoiceFor(model, order.owed, wrong, clock.now());
  if (wrong === "ours") {
    const [invoice] = order.invoices;
    const row = await shop.db.prisma.invoice.findUnique({ where: { paymentHash: invoice?.paymentHash ?? "" } });
    Object.assign(presented, { paymentHash: row?.paymentHash, paymentRequest: row?.paymentRequest, amountMsat: 1n });
  }
  const name = by === "address" ? "me@example.com" : presented.paymentRequest;
  const expected = claimAnswer(model, order, name, presented);
  const asksAddress = by === "address" && !inFlight(order) && order.owed > 0n;
  if (asksAddress) world.addressAnswers(presented.paymentRequest);
  const way: RefundWay = by === "address" ? { lightningAddress: name } : { invoice: presented.paymentRequest };
  const answer = await refundOf(world, order, order.refundToken, way);
  expectClaim(order, answer, expected);
  if (expected === "new") claimed(order, { ...presented, target: name, amount: order.owed });
}

/** Change of whatever kind of order becomes the balance of a session. */
export const claimInto = fc.tuple(pick, pick).map(([which, where]) =>
  command(
    "claim into a session",
    ({ sessions }) => sessions.length > 0,
    async (model, world) => {
      const order = pickOf(claimants(model, which), which);
      const active = model.sessions.filter(({ kind, state }) => kind === "session" && state === "active");
      const session = pickOf(where % 4 > 0 && active.length > 0 ? active : model.sessions, where);
      const expected = creditAnswer(order, session.id, active.includes(session));
      const answer = await refundOf(world, order, order.refundToken, { sessionId: session.id });
      expectClaim(order, answer, expected);
      if (expected === "new") creditedInto(order, session);
      return session;
    },
  ),
);

function expectClaim(order: ModelOrder, answer: { ok: boolean }, expected: ClaimAnswer): void {
  if (expected === "new" || expected === "same") expect(answer).toMatchObject({ ok: true });
  else
    expect(answer, `claim on a ${order.kind} in ${order.state}`).toMatchObject({
      ok: false,
      error: { code: expected },
    });
}

export const claimWithWrongToken = pick.map((which) =>
  command(
    "claim with a wrong token",
    (model) => ordersOf(model).length > 0,
    async (model, world) => {
      const order = pickOf(ordersOf(model), which);
      const way = { invoice: invoiceFor(model, order.owed, "right", world.clock.now()).paymentRequest };
      expect(await refundOf(world, order, "wrong", way)).toMatchObject({ error: { code: "refundTokenWrong" } });
      return order;
    },
  ),
);

const CODE_MS = 3_600_000;
export const askForCode = pick.map((which) =>
  command(
    "ask for a withdraw code",
    (model) => ordersOf(model).length > 0,
    async (model, world) => {
      const order = pickOf(claimants(model, which), which);
      const answer = await refundOf(world, order, order.refundToken, { lnurl: true, origin: "https://t.example" });
      if (inFlight(order)) expect(answer).toMatchObject({ error: { code: "payoutInFlight" } });
      else if (order.owed === 0n) expect(answer).toMatchObject({ error: { code: "nothingOwed" } });
      else
        order.codes.push({
          k1: k1Of(lnurlOf(unwrap(answer))),
          amount: order.owed,
          expiresAt: model.now + CODE_MS,
          used: false,
        });
      return order;
    },
  ),
);

const lnurlOf = (answer: RefundAnswer): string => ("lnurl" in answer ? answer.lnurl : "");

export const useCode = fc.tuple(pick, wrongs, fc.constantFrom(1, 1, 5)).map(([which, wrong, times]) =>
  command(
    `${times} wallets call back with a withdraw code (${wrong})`,
    (model) => ordersOf(model).some(({ codes }) => codes.length > 0),
    async (model, { shop, clock }) => {
      const [order, code] = pickOf(
        ordersOf(model).flatMap((order) => order.codes.map((code) => [order, code] as const)),
        which,
      );
      const presented = invoiceFor(model, code.amount, wrong === "ours" ? "right" : wrong, clock.now());
      const { paymentRequest } = presented;
      const known = code === order.codes.at(-1) && model.now < code.expiresAt;
      const newest = order.payouts.at(-1);
      const again = newest?.target === paymentRequest && newest.state !== "failed";
      const answers = await Promise.all(
        Array.from({ length: times }, () => shop.services.payouts.withdraw(code.k1, paymentRequest)),
      );
      if (!known || (code.used && !again)) {
        for (const answer of answers) expect(answer).toMatchObject({ error: { code: "withdrawCodeInvalid" } });
        return order;
      }
      const expected = code.used ? "same" : claimAnswer(model, order, paymentRequest, presented, code.amount);
      for (const answer of answers) expectClaim(order, answer, expected);
      if (expected === "new") {
        code.used = true;
        claimed(order, { ...presented, target: paymentRequest, amount: code.amount });
      }
      return order;
    },
  ),
);
