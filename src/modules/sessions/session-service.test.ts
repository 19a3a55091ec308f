import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type OpenSession, openSession } from "~/testing/open-session";
import { type TroubledWorkshop, troubledWorkshop } from "~/testing/troubled-workshop";
import { unwrap } from "~/testing/unwrap";
import { type Workshop, workshop } from "~/testing/workshop";

let shop: Workshop;
beforeAll(async () => {
  shop = await workshop();
  await shop.services.books.openIfNew();
});
afterAll(() => shop.close());

test("a session, from the deposit to the change back", async () => {
  const { sessions, invoices } = shop.services;
  const created = unwrap(await sessions.create({ amountSats: 500, clientKey: "me", pubkey: null }));
  const bearer = `Bearer ${created.macaroon}`;
  const { sessionId, refundToken } = created;
  expect(created).toMatchObject({ state: "awaiting_payment", trust_tier: "anonymous" });
  expect(await sessions.view(sessionId, bearer, { limit: 10 })).toMatchObject({ error: { code: "depositUnpaid" } });

  await shop.payOutside(created.depositInvoice.paymentHash);
  const paid = unwrap(await sessions.view(sessionId, bearer, { limit: 10 }));
  expect(paid).toMatchObject({ state: "active", balanceSats: 500, owedSats: 0, requests: [], nextCursor: null });

  const pieces: string[] = [];
  const answer = unwrap(
    await sessions.request(
      sessionId,
      bearer,
      { request: "a haiku", onceKey: null },
      {
        begun: () => undefined,
        text: (piece) => pieces.push(piece),
      },
    ),
  );
  expect(answer).toMatchObject({ state: "complete", truncated: false, trust_tier: "anonymous" });
  expect(pieces.join("")).toBe(answer.result);
  expect(answer.debitedSats).toBeGreaterThan(0);
  expect(answer.balanceSats).toBe(500 - answer.debitedSats);
  expect(answer.costLedger?.actualAmountSats).toBe(answer.debitedSats);

  const rejected = unwrap(await sessions.request(sessionId, bearer, { request: "[reject]", onceKey: null }));
  expect(rejected).toMatchObject({ state: "rejected", reason: expect.any(String) });
  expect(rejected.debitedSats).toBeLessThanOrEqual(10);
  const failed = unwrap(await sessions.request(sessionId, bearer, { request: "[refuse]", onceKey: null }));
  expect(failed).toMatchObject({ state: "failed", debitedSats: 0, balanceSats: rejected.balanceSats });

  expect(unwrap(await sessions.viewRequest(sessionId, bearer, answer.requestId))).toEqual({
    ...answer,
    balanceSats: rejected.balanceSats,
  });
  const history = unwrap(await sessions.view(sessionId, bearer, { limit: 2 }));
  expect(history.requests.map(({ state }) => state)).toEqual(["failed", "rejected"]);
  const older = unwrap(await sessions.view(sessionId, bearer, { limit: 2, cursor: history.nextCursor ?? "" }));
  expect(older.requests.map(({ requestId }) => requestId)).toEqual([answer.requestId]);
  expect(older.nextCursor).toBeNull();

  const closed = unwrap(await sessions.close(sessionId, refundToken));
  expect(closed).toMatchObject({ state: "closed", balanceSats: 0, owedSats: rejected.balanceSats });
  expect(await sessions.request(sessionId, bearer, { request: "more", onceKey: null })).toMatchObject({
    error: { code: "sessionNotActive", state: "closed" },
  });
  expect(unwrap(await invoices.lookUp(created.depositInvoice.paymentHash))).toBe("settled");
  expect(unwrap(await shop.services.books.prove())).toMatchObject({ ok: true });
});

const HOUR = 3_600_000;

test("a session that cannot pay for the cheapest request is shown paused, which forbids nothing", async () => {
  const poor = await workshop({ settings: { ORIGINATOR_MARGIN_PCT: "2000" } });
  try {
    const { sessions } = poor.services;
    const { sessionId, bearer } = await openSession(poor, 100);
    expect(unwrap(await sessions.view(sessionId, bearer, { limit: 1 }))).toMatchObject({ state: "paused" });
    expect(await sessions.request(sessionId, bearer, { request: "a", onceKey: null })).toMatchObject({
      error: { code: "balanceTooLow" },
    });
    const { topupInvoice } = unwrap(await sessions.topup(sessionId, bearer, 5000));
    await poor.payOutside(topupInvoice.paymentHash);
    expect(unwrap(await sessions.view(sessionId, bearer, { limit: 1 }))).toMatchObject({
      state: "active",
      balanceSats: 5100,
    });
  } finally {
    await poor.close();
  }
});

test("unpaid sessions, single answers and jobs of one client count together, and one that is closed makes room", async () => {
  const limited = await workshop({ settings: { MAX_OPEN_ORDERS: "3" } });
  try {
    const { sessions, asks, jobs } = limited.services;
    const who = { clientKey: "greedy", pubkey: null };
    const tooMany = { error: { code: "tooManyOpenOrders", limit: 3 } };
    const ask = () =>
      asks.ask({ ...who, request: "a", authorization: null, countOrder: async () => ({ ok: true, value: null }) });
    const created = unwrap(await sessions.create({ ...who, amountSats: 500 }));
    expect(await ask()).toMatchObject({ error: { code: "paymentRequired" } });
    unwrap(await jobs.create({ ...who, request: "a" }));
    expect(await sessions.create({ ...who, amountSats: 500 })).toMatchObject(tooMany);
    expect(await ask()).toMatchObject(tooMany);
    expect(await jobs.create({ ...who, request: "a" })).toMatchObject(tooMany);
    expect(unwrap(await sessions.close(created.sessionId, created.refundToken))).toMatchObject({ state: "closed" });
    const rush = await Promise.all([1, 2, 3, 4].map(() => sessions.create({ ...who, amountSats: 500 })));
    expect(rush.filter(({ ok }) => ok)).toHaveLength(1);
  } finally {
    await limited.close();
  }
});

describe("with a clock and an agent in hand", () => {
  let own: TroubledWorkshop;
  beforeAll(async () => {
    own = await troubledWorkshop({ settings: { TEXT_RETENTION_DAYS: "0.01", INVOICE_EXPIRY_SECONDS: "600" } });
  });
  afterAll(() => own.close());
  const view = async ({ sessionId, bearer }: OpenSession) =>
    unwrap(await own.services.sessions.view(sessionId, bearer, { limit: 10 }));

  test("texts of ended requests are erased when their time is over; what they cost stays", async () => {
    const { sessions } = own.services;
    const session = await openSession(own);
    const args = [session.sessionId, session.bearer] as const;
    const answer = unwrap(await sessions.request(...args, { request: "a secret", onceKey: null }));
    await own.services.tasks["erase-old-texts"]();
    expect(unwrap(await sessions.viewRequest(...args, answer.requestId))).toEqual(answer);
    own.clock.advance(HOUR);
    await own.services.tasks["erase-old-texts"]();
    const erased = unwrap(await sessions.viewRequest(...args, answer.requestId));
    expect(erased).toMatchObject({ textDeleted: true, debitedSats: answer.debitedSats, costLedger: answer.costLedger });
    expect(erased).not.toHaveProperty("result");
    const row = await own.db.prisma.sessionRequest.findUniqueOrThrow({ where: { id: answer.requestId } });
    expect(JSON.stringify(row, (_, value) => (typeof value === "bigint" ? Number(value) : value))).not.toContain(
      "secret",
    );
  });

  test("a top-up that is paid after its expiry is owed; the next one can be asked for", async () => {
    const { sessions, invoices } = own.services;
    const session = await openSession(own);
    const args = [session.sessionId, session.bearer] as const;
    unwrap(await sessions.topup(...args, 250));
    own.clock.advance(HOUR);
    // Nobody has swept: asking for another one finds out by itself that the first is over.
    const { topupInvoice } = unwrap(await sessions.topup(...args, 300));
    expect(await view(session)).toMatchObject({ balanceSats: 1000, owedSats: 0, pendingTopup: topupInvoice });
    await own.payOutside(topupInvoice.paymentHash);
    await invoices.expire(topupInvoice.paymentHash);
    expect(unwrap(await invoices.lookUp(topupInvoice.paymentHash))).toBe("settled");
    expect(await view(session)).toMatchObject({ state: "active", balanceSats: 1000, owedSats: 300 });
    expect(
      unwrap(await sessions.refund(session.sessionId, session.refundToken, { sessionId: session.sessionId })),
    ).toEqual({
      refundState: "paid",
      amountSats: 300,
      owedSats: 0,
      sessionId: session.sessionId,
      trust_tier: "anonymous",
    });
    expect(await view(session)).toMatchObject({ balanceSats: 1300, owedSats: 0 });
  });

  test("what a job owes can be had in a session, and only in one that is active", async () => {
    const { jobs, sessions } = own.services;
    const session = await openSession(own);
    const unpaid = unwrap(await sessions.create({ amountSats: 500, clientKey: "me", pubkey: null }));
    const job = await own.owedJob();
    const into = (sessionId: string) => jobs.refund(job.jobId, job.refundToken, { sessionId });
    for (const sessionId of [unpaid.sessionId, crypto.randomUUID(), job.jobId]) {
      expect(await into(sessionId)).toMatchObject({ error: { code: "refundTargetUnusable" } });
    }
    const answer = {
      refundState: "paid",
      trust_tier: "anonymous",
      amountSats: 10,
      owedSats: 0,
      sessionId: session.sessionId,
    };
    expect(unwrap(await into(session.sessionId))).toEqual(answer);
    expect(unwrap(await into(session.sessionId))).toEqual(answer);
    expect(await into(unpaid.sessionId)).toMatchObject({ error: { code: "nothingOwed" } });
    expect(await view(session)).toMatchObject({ balanceSats: 1010 });
    expect(unwrap(await jobs.view(job.jobId))).toMatchObject({
      owedSats: 0,
      payout: { state: "paid", method: "session" },
    });
  });

  test("however much a request used, what was quoted when it began is the ceiling", async () => {
    const session = await openSession(own);
    const quoted = await own.services.pricing.quote("a haiku", ["judge", "work"]);
    own.agent.works(async (_, { maxTokens }) => ({
      text: "All of it.",
      truncated: false,
      usage: { inputTokens: 1_000_000, outputTokens: maxTokens },
    }));
    const answer = unwrap(
      await own.services.sessions.request(session.sessionId, session.bearer, { request: "a haiku", onceKey: null }),
    );
    expect(answer).toMatchObject({ debitedSats: Number(quoted.quoteSats), costLedger: { btcPriceUsd: 100_000 } });
    own.agent.works(async () => ({ text: "An answer.", truncated: false, usage: { inputTokens: 5, outputTokens: 5 } }));
  });

  test("a model out of reach is tried again while nothing is out yet, and not once something is", async () => {
    const session = await openSession(own);
    const ask = async () =>
      unwrap(await own.services.sessions.request(session.sessionId, session.bearer, { request: "a", onceKey: null }));
    let calls = 0;
    own.agent.works(async () => {
      calls += 1;
      if (calls === 1) return { code: "agentUnreachable", detail: "scripted" };
      return { text: "At last.", truncated: false, usage: { inputTokens: 5, outputTokens: 5 } };
    });
    expect(await ask()).toMatchObject({ state: "complete", result: "At last." });
    expect(calls).toBe(2);
    own.agent.works(async (_, { onText }) => {
      calls += 1;
      onText("Half of");
      return { code: "agentUnreachable", detail: "scripted" };
    });
    expect(await ask()).toMatchObject({ state: "failed", debitedSats: 0 });
    expect(calls).toBe(3);
    let judged = 0;
    own.agent.judges(async () => {
      judged += 1;
      return { code: "agentNonsense", detail: "scripted" };
    });
    expect(await ask()).toMatchObject({ state: "failed", debitedSats: 0 });
    expect(judged).toBe(2);
    expect(unwrap(await own.services.books.prove())).toMatchObject({ ok: true });
  });
});
