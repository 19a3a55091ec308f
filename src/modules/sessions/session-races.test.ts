import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sats, toMsat } from "~/core/money";
import { balancesOf, openSession } from "~/testing/open-session";
import { type Call, makeCalls, type OtherProcess, type Outcome, otherProcess } from "~/testing/other-process";
import { outsideInvoice } from "~/testing/outside-node";
import { unwrap } from "~/testing/unwrap";
import { type Workshop, workshop } from "~/testing/workshop";
import type { RequestAnswer, SessionView } from "./session-schema";

// Every race here is run from two processes on one database: this one and another.
let shop: Workshop;
let other: OtherProcess;
beforeAll(async () => {
  shop = await workshop();
  await shop.services.books.openIfNew();
  other = await otherProcess(shop.db.url);
});
afterAll(async () => {
  await other?.stop();
  await shop?.close();
});

const ROUNDS = Array.from({ length: 4 }, (_, n) => n);

/** All of it at once, half here and half there. Nothing may throw: a race that is lost is an answer. */
async function race<T>(here: Call[], there: Call[]): Promise<T[]> {
  const outcomes = (await Promise.all([makeCalls(shop.services, shop.work, here), other.call(...there)])).flat();
  return outcomes.map((outcome: Outcome) => {
    if ("threw" in outcome) throw new Error(outcome.threw);
    return outcome.returned as T;
  });
}
type Answered<T> = { ok: true; value: T } | { ok: false; error: { code: string } };
const codeOf = (answer: Answered<unknown>) => (answer.ok ? "ok" : answer.error.code);
const count = (codes: string[], code: string) => codes.filter((other) => other === code).length;

const theBooksBalance = async () => expect(unwrap(await shop.services.books.prove())).toMatchObject({ ok: true });
const view = async ({ sessionId, bearer }: { sessionId: string; bearer: string }): Promise<SessionView> =>
  unwrap(await shop.services.sessions.view(sessionId, bearer, { limit: 100 }));
const ask = ({ sessionId, bearer }: { sessionId: string; bearer: string }, onceKey: string | null = null): Call => ({
  path: "sessions.request",
  args: [sessionId, bearer, { request: "a haiku", onceKey }],
});
const requestsOf = (sessionId: string) => shop.db.prisma.sessionRequest.findMany({ where: { sessionId } });
const debited = (rows: { debitedSats: bigint }[]) => rows.reduce((sum, row) => sum + Number(row.debitedSats), 0);

describe("the balance", () => {
  test("two hundred requests at once on a balance for a few: not one sat over", async () => {
    const session = await openSession(shop, 400);
    const quote = Number((await shop.services.pricing.quote("a haiku", ["judge", "work"])).quoteSats);
    expect(400 / quote).toBeLessThan(40);
    const answers = await race<Answered<RequestAnswer>>(
      [{ ...ask(session), times: 100 }],
      [{ ...ask(session), times: 100 }],
    );
    const codes = answers.map(codeOf);
    expect(count(codes, "ok") + count(codes, "balanceTooLow")).toBe(200);
    expect(count(codes, "ok")).toBeGreaterThan(0);
    expect(count(codes, "balanceTooLow")).toBeGreaterThan(0);
    const rows = await requestsOf(session.sessionId);
    expect(rows).toHaveLength(count(codes, "ok"));
    const { balanceSats } = await view(session);
    expect(balanceSats + debited(rows)).toBe(400);
    const balances = await balancesOf(shop, session.sessionId, ...rows.map(({ id }) => id));
    expect(balances).toEqual({ prepaid: balanceSats, held: 0 });
    await theBooksBalance();
  });

  test("each answer's debit is in the books once", async () => {
    const session = await openSession(shop, 2000);
    const answers = await race<Answered<RequestAnswer>>(
      [{ ...ask(session), times: 5 }],
      [{ ...ask(session), times: 5 }],
    );
    for (const answer of answers) {
      const { requestId, debitedSats } = unwrap(answer);
      const lines = await shop.db.prisma.ledgerTransfer.findMany({
        where: { eventKey: `session-request:${requestId}:settled`, creditKind: "revenue" },
      });
      expect(lines.map(({ amountMsat }) => Number(amountMsat))).toEqual([debitedSats * 1000]);
    }
    expect((await view(session)).balanceSats + debited(await requestsOf(session.sessionId))).toBe(2000);
  });

  test("the same once key, twenty times at once, is one request and one answer", async () => {
    const session = await openSession(shop, 2000);
    const onceKey = `key of ${session.sessionId}`;
    const same = { ...ask(session, onceKey), times: 10 };
    const answers = (await race<Answered<RequestAnswer>>([same], [same])).map(unwrap);
    expect(new Set(answers.map(({ requestId }) => requestId)).size).toBe(1);
    expect(new Set(answers.map(({ result }) => result)).size).toBe(1);
    expect(await requestsOf(session.sessionId)).toHaveLength(1);
    const another = { request: "something else", onceKey };
    expect(await shop.services.sessions.request(session.sessionId, session.bearer, another)).toMatchObject({
      error: { code: "idempotencyKeyReused" },
    });
  });
});

describe("closing", () => {
  test.each(ROUNDS)(
    "while requests run: each is paid for once, the rest is owed, none begins later (round %s)",
    async () => {
      const session = await openSession(shop, 1500);
      const close = { path: "sessions.close", args: [session.sessionId, session.refundToken] };
      const asked = (times: number) => ({ ...ask(session), times });
      const answers = await race<Answered<{ requestId?: string; state: string }>>(
        [asked(4), close, asked(4)],
        [asked(4), close, asked(4)],
      );
      const codes = answers.map(codeOf);
      expect(codes.every((code) => ["ok", "sessionNotActive", "balanceTooLow"].includes(code))).toBe(true);
      const rows = await requestsOf(session.sessionId);
      const after = await view(session);
      expect(after).toMatchObject({ state: "closed", balanceSats: 0, owedSats: 1500 - debited(rows) });
      expect(rows.every(({ state }) => state === "complete")).toBe(true);
      expect(await balancesOf(shop, session.sessionId, ...rows.map(({ id }) => id))).toMatchObject({
        prepaid: 0,
        owed: after.owedSats,
      });
      await theBooksBalance();
    },
  );

  test.each(ROUNDS)("while a top-up arrives: every sat is owed (round %s)", async () => {
    const session = await openSession(shop, 500);
    const topup = unwrap(await shop.services.sessions.topup(session.sessionId, session.bearer, 300));
    await shop.payOutside(topup.topupInvoice.paymentHash);
    const close = { path: "sessions.close", args: [session.sessionId, session.refundToken] };
    const hint = { path: "invoices.lookUp", args: [topup.topupInvoice.paymentHash] };
    await race([hint, close], [close, hint]);
    expect(await view(session)).toMatchObject({ state: "closed", balanceSats: 0, owedSats: 800, pendingTopup: null });
    await theBooksBalance();
  });

  test.each(ROUNDS)("while the deposit arrives: the balance, or owed (round %s)", async () => {
    const created = unwrap(await shop.services.sessions.create({ amountSats: 500, clientKey: "me", pubkey: null }));
    await shop.payOutside(created.depositInvoice.paymentHash);
    const close = { path: "sessions.close", args: [created.sessionId, created.refundToken] };
    const hint = { path: "invoices.lookUp", args: [created.depositInvoice.paymentHash] };
    await race([hint, close], [close, hint]);
    const session = { sessionId: created.sessionId, bearer: `Bearer ${created.macaroon}` };
    expect(await view(session)).toMatchObject({ state: "closed", balanceSats: 0, owedSats: 500 });
    await theBooksBalance();
  });
});

describe("topping up", () => {
  test.each(ROUNDS)("twenty at once is one invoice, and the others are shown it (round %s)", async () => {
    const session = await openSession(shop);
    const topup = { path: "sessions.topup", args: [session.sessionId, session.bearer, 300], times: 10 };
    const answers = await race<Answered<unknown>>([topup], [topup]);
    expect(count(answers.map(codeOf), "ok")).toBe(1);
    expect(count(answers.map(codeOf), "topupPending")).toBe(19);
    const { pendingTopup } = await view(session);
    const pending = answers.filter((answer) => !answer.ok).map((answer) => (answer as { error: object }).error);
    expect(pending).toEqual(Array.from({ length: 19 }, () => ({ code: "topupPending", pendingTopup })));
    await shop.payOutside(pendingTopup?.paymentHash ?? "");
    await race(
      [{ path: "invoices.lookUp", args: [pendingTopup?.paymentHash], times: 3 }],
      [{ path: "invoices.lookUp", args: [pendingTopup?.paymentHash], times: 3 }],
    );
    expect(await view(session)).toMatchObject({ balanceSats: 1300, pendingTopup: null });
  });

  test.each(ROUNDS)("that meets its expiry is balance or owed, never both, never neither (round %s)", async () => {
    const session = await openSession(shop);
    const { topupInvoice } = unwrap(await shop.services.sessions.topup(session.sessionId, session.bearer, 300));
    await shop.payOutside(topupInvoice.paymentHash);
    const settle = { path: "invoices.settle", args: [topupInvoice.paymentHash, toMsat(sats(300))] };
    const expire = { path: "invoices.expire", args: [topupInvoice.paymentHash] };
    await race([settle, expire], [expire, settle]);
    const { balanceSats, owedSats } = await view(session);
    expect([
      [1300, 0],
      [1000, 300],
    ]).toContainEqual([balanceSats, owedSats]);
    await theBooksBalance();
  });
});

describe("a refund into a session", () => {
  /** A closed session that owes all of its deposit. */
  const owing = async (amountSats = 700) => {
    const session = await openSession(shop, amountSats);
    unwrap(await shop.services.sessions.close(session.sessionId, session.refundToken));
    return session;
  };
  const into = (from: { sessionId: string; refundToken: string }, sessionId: string): Call => ({
    path: "sessions.refund",
    args: [from.sessionId, from.refundToken, { sessionId }],
  });
  const toInvoice = (from: { sessionId: string; refundToken: string }, amountSats: number): Call => ({
    path: "sessions.refund",
    args: [
      from.sessionId,
      from.refundToken,
      { invoice: outsideInvoice({ amountMsat: toMsat(sats(amountSats)) }).paymentRequest },
    ],
  });

  test.each(ROUNDS)("that races with claims to invoices goes one way only (round %s)", async () => {
    const [from, target] = [await owing(), await openSession(shop)];
    const answers = await race<Answered<unknown>>(
      [into(from, target.sessionId), toInvoice(from, 700), toInvoice(from, 700)],
      [toInvoice(from, 700), into(from, target.sessionId), toInvoice(from, 700)],
    );
    const { balanceSats } = await view(target);
    const intoSession = balanceSats === 1700;
    // Asked twice for the same session, it is the same answer twice.
    expect(count(answers.map(codeOf), "ok")).toBe(intoSession ? 2 : 1);
    expect(await balancesOf(shop, from.sessionId)).toMatchObject(
      intoSession ? { owed: 0 } : { owed: 0, in_flight: 700 },
    );
    expect(await shop.db.prisma.payout.count({ where: { orderId: from.sessionId } })).toBe(1);
    await theBooksBalance();
  });

  test("asked twenty times is credited once, and answered the same", async () => {
    const [from, target] = [await owing(), await openSession(shop)];
    const same = { ...into(from, target.sessionId), times: 10 };
    const answers = await race<Answered<unknown>>([same], [same]);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({
      value: {
        refundState: "paid",
        amountSats: 700,
        owedSats: 0,
        sessionId: target.sessionId,
        trust_tier: "anonymous",
      },
    });
    expect((await view(target)).balanceSats).toBe(1700);
    await theBooksBalance();
  });

  test.each(ROUNDS)("that meets the closing of its target is credited or still owed (round %s)", async () => {
    const [from, target] = [await owing(), await openSession(shop)];
    const close = { path: "sessions.close", args: [target.sessionId, target.refundToken] };
    await race([into(from, target.sessionId), close], [close, into(from, target.sessionId)]);
    const after = await view(target);
    expect(after).toMatchObject({ state: "closed", balanceSats: 0 });
    expect(after.owedSats + (await view(from)).owedSats).toBe(1700);
    await theBooksBalance();
  });

  test.each(ROUNDS)("of two sessions into each other ends, and no sat is lost (round %s)", async () => {
    const [one, two] = [await openSession(shop), await openSession(shop)];
    // Late money is owed while the session goes on.
    for (const session of [one, two]) {
      const { topupInvoice } = unwrap(await shop.services.sessions.topup(session.sessionId, session.bearer, 300));
      await shop.services.invoices.expire(topupInvoice.paymentHash);
      await shop.services.invoices.settle(topupInvoice.paymentHash, toMsat(sats(300)));
      await shop.payOutside(topupInvoice.paymentHash);
    }
    const both = [into(one, two.sessionId), into(two, one.sessionId)];
    const answers = await race<Answered<unknown>>(both, [...both].reverse());
    expect(answers.map(codeOf)).toEqual(["ok", "ok", "ok", "ok"]);
    expect([await view(one), await view(two)].map(({ balanceSats, owedSats }) => [balanceSats, owedSats])).toEqual([
      [1300, 0],
      [1300, 0],
    ]);
    await theBooksBalance();
  });
});
