import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { balancesOf, type OpenSession, openSession } from "~/testing/open-session";
import { makeCalls, type Outcome, otherProcess } from "~/testing/other-process";
import { type TroubledWorkshop, troubledWorkshop } from "~/testing/troubled-workshop";
import { unwrap } from "~/testing/unwrap";
import type { RequestAnswer } from "./session-schema";

let shop: TroubledWorkshop;
beforeAll(async () => {
  shop = await troubledWorkshop();
  await shop.services.pool.seedIfNew();
});
afterAll(() => shop.close());

const BUDGET = 50;
let regular = "";
let last = 0;
/** Established, and with a life of paid work behind it. */
beforeEach(async () => {
  last += 1;
  regular = last.toString(16).padStart(64, "0");
  await shop.services.trust.visited(regular);
  await shop.db.prisma.identity.update({ where: { pubkey: regular }, data: { score: 20, chargedSats: 10_000n } });
  shop.agent.judges(async () => ({ verdict: "acceptable", usage: SOME }));
  shop.agent.works(async () => ({ text: "An answer.", truncated: false, usage: SOME }));
});

const SOME = { inputTokens: 500, outputTokens: 100 };
const ask = async (session: OpenSession, request = "a haiku"): Promise<RequestAnswer> =>
  unwrap(await shop.services.sessions.request(session.sessionId, session.bearer, { request, onceKey: null }));
const identity = () => shop.db.prisma.identity.findUniqueOrThrow({ where: { pubkey: regular } });
const pool = async () => Number(await shop.services.pool.balanceSats());
const used = async () => Number(await shop.services.pool.usedToday(shop.db.prisma, regular));
const quoteOf = async (request = "a haiku") =>
  Number((await shop.services.pricing.quote(request, ["judge", "work"])).quoteSats);
const theBooksBalance = async () => expect(unwrap(await shop.services.books.prove())).toMatchObject({ ok: true });
/** So much of today's budget is gone. */
const spend = (sats: number) =>
  shop.db.prisma.freeTierUse.create({
    data: { orderId: crypto.randomUUID(), pubkey: regular, day: new Date(), state: "settled", sats: BigInt(sats) },
  });

test("within budget and pool a request is free: what it cost is granted, the rest goes back", async () => {
  expect(await quoteOf()).toBeLessThanOrEqual(BUDGET);
  const session = await openSession(shop, 100, regular);
  const before = await pool();
  const answer = await ask(session);
  expect(answer).toMatchObject({
    state: "complete",
    trust_tier: "established",
    free_tier: true,
    debitedSats: 0,
    balanceSats: 100,
    costLedger: { actualAmountSats: 0 },
  });
  const absorbed = answer.absorbed_sats ?? 0;
  expect(absorbed).toBeGreaterThan(0);
  expect(await pool()).toBe(before - absorbed);
  expect(await used()).toBe(absorbed);
  expect(await identity()).toMatchObject({ score: 20, interactionCount: 1, absorbedSats: BigInt(absorbed) });
  const [grant] = await shop.db.prisma.poolGrant.findMany({ where: { orderId: answer.requestId } });
  expect(grant).toMatchObject({ orderKind: "session_request", absorbedSats: BigInt(absorbed), pubkey: regular });
  expect(grant?.requestHmac).toMatch(/^[0-9a-f]{64}$/);
  await theBooksBalance();
});

test("beyond the budget the pool pays first, the balance the rest, and the pool gets its share of that alone", async () => {
  await spend(BUDGET - 2);
  const session = await openSession(shop, 500, regular);
  const before = await pool();
  // The work takes all of its tokens, so that there is something left to pay.
  shop.agent.works(async (_, { maxTokens }) => ({
    text: "A long answer.",
    truncated: true,
    usage: { inputTokens: 500, outputTokens: maxTokens },
  }));
  const answer = await ask(session);
  expect(answer).toMatchObject({ absorbed_sats: 2, free_tier: true, balanceSats: 500 - answer.debitedSats });
  expect(answer.debitedSats).toBeGreaterThan(10);
  const credit = Math.floor(answer.debitedSats / 10);
  expect(await pool()).toBe(before - 2 + credit);
  expect(await identity()).toMatchObject({
    score: 21,
    chargedSats: 10_000n + BigInt(answer.debitedSats),
    absorbedSats: 2n,
  });
  await theBooksBalance();
});

test("an anonymous session pays the whole price, and the pool gets its share", async () => {
  const session = await openSession(shop, 500);
  const before = await pool();
  const answer = await ask(session);
  expect(answer).toMatchObject({ trust_tier: "anonymous", balanceSats: 500 - answer.debitedSats });
  expect(answer).not.toHaveProperty("free_tier");
  expect(await pool()).toBe(before + Math.floor(answer.debitedSats / 10));
});

test("a rejected request costs the judge's tokens, at most the eval fee: from the balance first, and no share of it", async () => {
  shop.agent.judges(async () => ({ verdict: "unacceptable", reason: "dull", usage: SOME }));
  await spend(BUDGET - 1);
  const session = await openSession(shop, 500, regular);
  const before = await pool();
  const answer = await ask(session);
  expect(answer).toMatchObject({ state: "rejected", reason: "dull", balanceSats: 500 - answer.debitedSats });
  expect(answer.debitedSats).toBeGreaterThan(0);
  expect(answer.debitedSats).toBeLessThanOrEqual(10);
  expect(answer).not.toHaveProperty("free_tier");
  expect(await pool()).toBe(before);
  expect(await used()).toBe(BUDGET - 1);
  expect(await identity()).toMatchObject({ score: 18, chargedSats: 10_000n });

  shop.agent.judges(async () => ({
    verdict: "unacceptable",
    reason: "long and dull",
    usage: { inputTokens: 4000, outputTokens: 60_000 },
  }));
  expect((await ask(session)).debitedSats).toBe(10);
  await theBooksBalance();
});

test("a rejected request that the pool would have paid for whole is paid by it, as nothing was held", async () => {
  shop.agent.judges(async () => ({ verdict: "unacceptable", reason: "dull", usage: SOME }));
  const session = await openSession(shop, 100, regular);
  const answer = await ask(session);
  expect(answer).toMatchObject({ state: "rejected", debitedSats: 0, balanceSats: 100, free_tier: true });
  expect(await used()).toBe(answer.absorbed_sats);
  await theBooksBalance();
});

test.each([
  ["failed", "agentEmpty", 20, 0],
  ["refused by the work model", "agentRefused", 18, 1],
] as const)("what is %s costs nobody anything", async (_, code, score, interactionCount) => {
  shop.agent.works(async () => ({ code, detail: "scripted" }));
  await spend(BUDGET - 5);
  const session = await openSession(shop, 500, regular);
  const before = await pool();
  expect(await ask(session)).toMatchObject({ state: "failed", debitedSats: 0, balanceSats: 500 });
  expect([await pool(), await used()]).toEqual([before, BUDGET - 5]);
  expect(await identity()).toMatchObject({ score, interactionCount, chargedSats: 10_000n });
  expect(await shop.db.prisma.poolGrant.count({ where: { pubkey: regular } })).toBe(0);
  await theBooksBalance();
});

test("too little: nothing is run, and nothing stays reserved", async () => {
  await spend(BUDGET - 10);
  const session = await openSession(shop, 100, regular);
  const before = await pool();
  const request = "x".repeat(400);
  const quote = await quoteOf(request);
  const calls = shop.agent.calls.length;
  expect(
    await shop.services.sessions.request(session.sessionId, session.bearer, { request, onceKey: null }),
  ).toMatchObject({ error: { code: "balanceTooLow", requiredSats: quote - 10, balanceSats: 100 } });
  expect([await pool(), await used(), shop.agent.calls.length]).toEqual([before, BUDGET - 10, calls]);
  expect(await balancesOf(shop, session.sessionId)).toMatchObject({ prepaid: 100 });
});

test("a standing that changes under it: decided anew, by that of the moment, and nothing is taken twice", async () => {
  const session = await openSession(shop, 400, regular);
  const { pool: decides } = shop.services;
  const asThey = decides.presentDecider;
  let reads = 0;
  // Between the look at the standing and the decision something ends, every time or a few times.
  for (const changes of [1, 2, 1000]) {
    reads = 0;
    decides.presentDecider = async (pubkey) => {
      const read = await asThey(pubkey);
      reads += 1;
      if (reads <= changes) {
        await shop.db.prisma.identity.update({ where: { pubkey }, data: { score: 20, version: { increment: 1 } } });
      }
      return read;
    };
    try {
      const before = await pool();
      const answer = await ask(session);
      expect(answer).toMatchObject({ state: "complete" });
      expect(reads).toBe(Math.min(changes + 1, 3));
      expect(await pool()).toBe(before - (answer.absorbed_sats ?? 0) + Math.floor(answer.debitedSats / 10));
    } finally {
      decides.presentDecider = asThey;
    }
  }
  expect(await shop.db.prisma.sessionRequest.count({ where: { sessionId: session.sessionId } })).toBe(3);
  await theBooksBalance();
});

test("a hundred requests at once of one identity, from two processes: not one sat over budget, pool or balance", async () => {
  const other = await otherProcess(shop.db.url);
  try {
    const session = await openSession(shop, 400, regular);
    const call = {
      path: "sessions.request",
      args: [session.sessionId, session.bearer, { request: "a haiku", onceKey: null }],
      times: 50,
    };
    const outcomes = (
      await Promise.all([makeCalls(shop.services, shop.work, [call]), other.call(call)])
    ).flat() as Outcome[];
    const codes = outcomes.map((outcome) => {
      if ("threw" in outcome) throw new Error(outcome.threw);
      const answer = outcome.returned as { ok: boolean; error?: { code: string } };
      return answer.ok ? "ok" : answer.error?.code;
    });
    expect(codes.every((code) => code === "ok" || code === "balanceTooLow")).toBe(true);
    expect(codes).toContain("ok");
    const rows = await shop.db.prisma.sessionRequest.findMany({ where: { sessionId: session.sessionId } });
    const sum = (amounts: bigint[]) => Number(amounts.reduce((total, amount) => total + amount, 0n));
    const absorbed = sum(rows.map((row) => row.absorbedSats));
    expect(absorbed).toBeLessThanOrEqual(BUDGET);
    expect(await used()).toBe(absorbed);
    const grants = await shop.db.prisma.poolGrant.findMany({ where: { pubkey: regular } });
    expect(sum(grants.map((grant) => grant.absorbedSats))).toBe(absorbed);
    expect((await identity()).absorbedSats).toBe(BigInt(absorbed));
    const { prepaid = 0 } = await balancesOf(shop, session.sessionId);
    expect(prepaid + sum(rows.map((row) => row.debitedSats))).toBe(400);
    expect(await balancesOf(shop, ...rows.map(({ id }) => id))).toMatchObject({ held: 0 });
    await theBooksBalance();
  } finally {
    await other.stop();
  }
});
