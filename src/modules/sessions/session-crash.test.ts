import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { ok } from "~/core/result";
import type { Container } from "~/server/container";
import { createLog } from "~/server/log";
import { balancesOf, type OpenSession, openSession } from "~/testing/open-session";
import { type OtherProcess, type Outcome, otherProcess } from "~/testing/other-process";
import { type TroubledWorkshop, troubledWorkshop } from "~/testing/troubled-workshop";
import { unwrap } from "~/testing/unwrap";
import { type Workshop, workshop } from "~/testing/workshop";
import { startWorker, type Worker } from "~/worker/main";
import { TEXTS } from "./session-texts";

const FREED_WITHIN = { timeout: 10_000, interval: 50 };
const SOON = { timeout: 60_000, interval: 20 };

let shop: Workshop;
let victim: OtherProcess | undefined;
let worker: Worker | undefined;
beforeAll(async () => {
  shop = await workshop();
  await shop.services.books.openIfNew();
  // The queue's first start takes longer than what is measured here.
  await (await startColleague()).stop();
});
afterEach(async () => {
  await worker?.stop();
  await victim?.kill();
  worker = undefined;
  victim = undefined;
});
afterAll(() => shop?.close());

/** A whole worker in this process. */
const startColleague = () =>
  startWorker({
    services: shop.services,
    settings: shop.settings,
    log: createLog({ ...shop.settings, logLevel: "silent" }),
    databaseUrl: shop.db.url,
    inTx: shop.db.inTx,
    tasks: { ...shop.services.tasks, "forget-idempotent-answers": async () => undefined },
    followSettlements: () => shop.outside.wallet.followSettlements(() => undefined),
  } as unknown as Container);

const view = async ({ sessionId, bearer }: OpenSession) =>
  unwrap(await shop.services.sessions.view(sessionId, bearer, { limit: 100 }));
const theBooksBalance = async () => expect(unwrap(await shop.services.books.prove())).toMatchObject({ ok: true });

/** A request that another process is in the middle of. */
async function inTheMiddle(by: OtherProcess, session: OpenSession, onceKey: string | null = null) {
  const args = [session.sessionId, session.bearer, { request: "[slow] a haiku", onceKey }];
  const answered = by.call({ path: "sessions.request", args });
  const running = { sessionId: session.sessionId, state: "running" };
  await expect.poll(() => shop.db.prisma.sessionRequest.count({ where: running }), SOON).toBe(1);
  const row = await shop.db.prisma.sessionRequest.findFirstOrThrow({ where: running });
  expect(await balancesOf(shop, row.id)).toEqual({ held: Number(row.heldSats) });
  return { row, answered };
}

test("a process killed in the middle of a request: nothing is charged, and its hold is free within seconds", async () => {
  victim = await otherProcess(shop.db.url);
  const session = await openSession(shop);
  const { row } = await inTheMiddle(victim, session);
  worker = await startColleague();
  await victim.kill();
  await expect.poll(async () => (await view(session)).balanceSats, FREED_WITHIN).toBe(1000);
  const request = unwrap(await shop.services.sessions.viewRequest(session.sessionId, session.bearer, row.id));
  expect(request).toMatchObject({ state: "failed", debitedSats: 0, errorMessage: TEXTS.interrupted });
  expect(await balancesOf(shop, session.sessionId, row.id)).toEqual({ prepaid: 1000, held: 0 });
  await theBooksBalance();
});

test("killed at whatever moment, a request is charged once or not at all", async () => {
  worker = await startColleague();
  const session = await openSession(shop, 5000);
  for (let pieces = 0; pieces < 6; pieces += 1) {
    victim = await otherProcess(shop.db.url);
    const args = [session.sessionId, session.bearer, { request: "a haiku", onceKey: null }];
    const answered = victim.call({ path: "sessions.request", args, times: 8 });
    await expect
      .poll(() => shop.db.prisma.sessionRequest.count({ where: { sessionId: session.sessionId } }), SOON)
      .toBeGreaterThan(pieces * 2);
    await victim.kill();
    void answered;
  }
  const running = { sessionId: session.sessionId, state: "running" };
  await expect.poll(() => shop.db.prisma.sessionRequest.count({ where: running }), FREED_WITHIN).toBe(0);
  const rows = await shop.db.prisma.sessionRequest.findMany({ where: { sessionId: session.sessionId } });
  const paid = rows.reduce((sum, { debitedSats }) => sum + Number(debitedSats), 0);
  expect((await view(session)).balanceSats).toBe(5000 - paid);
  for (const { id, state, debitedSats } of rows) {
    expect(debitedSats > 0n).toBe(state === "complete");
    expect(await shop.db.prisma.ledgerTransfer.count({ where: { eventKey: `session-request:${id}:held` } })).toBe(1);
  }
  expect((await balancesOf(shop, ...rows.map(({ id }) => id))).held).toBe(0);
  await theBooksBalance();
});

test("a request of a dead process, asked for again under its key, is the failed one", async () => {
  victim = await otherProcess(shop.db.url);
  worker = await startColleague();
  const session = await openSession(shop);
  const { row } = await inTheMiddle(victim, session, "my key");
  // Asked again while it runs elsewhere: whoever asks waits for its end.
  const again = shop.services.sessions.request(session.sessionId, session.bearer, {
    request: "[slow] a haiku",
    onceKey: "my key",
  });
  await victim.kill();
  expect(unwrap(await again)).toMatchObject({ requestId: row.id, state: "failed", balanceSats: 1000 });
});

test("a single answer: asked for by two processes at once it is one request, and a dead one's price is owed whole", async () => {
  victim = await otherProcess(shop.db.url);
  worker = await startColleague();
  const asked = { request: "[slow] a haiku", clientKey: "me", pubkey: null };
  const countOrder = async () => ok(null);
  const challenge = await shop.services.asks.ask({ ...asked, authorization: null, countOrder });
  if (challenge.ok || challenge.error.code !== "paymentRequired") throw new Error("no challenge");
  const { macaroon, invoice, sessionId } = challenge.error;
  await shop.payOutside(invoice.paymentHash);
  const paid = { ...asked, authorization: `Bearer ${macaroon}` };
  const there = victim.call({ path: "asks.ask", args: [paid], times: 3 });
  await expect.poll(() => shop.db.prisma.sessionRequest.count({ where: { sessionId } }), SOON).toBe(1);
  const here = shop.services.asks.ask({ ...paid, countOrder });
  await victim.kill();
  void there;
  const answer = unwrap(await here);
  expect(answer).toMatchObject({ state: "failed", debitedSats: 0, owedSats: invoice.amountSats });
  expect(unwrap(await shop.services.asks.ask({ ...paid, countOrder }))).toEqual(answer);
  expect(await shop.db.prisma.sessionRequest.count({ where: { sessionId } })).toBe(1);
  expect(await balancesOf(shop, sessionId, answer.requestId)).toEqual({
    prepaid: 0,
    held: 0,
    owed: invoice.amountSats,
  });
  await theBooksBalance();
});

test("a request that goes on in a living process is left alone, and one asked for again elsewhere is waited for", async () => {
  victim = await otherProcess(shop.db.url);
  worker = await startColleague();
  const session = await openSession(shop);
  const { row, answered } = await inTheMiddle(victim, session, "another key");
  const again = shop.services.sessions.request(session.sessionId, session.bearer, {
    request: "[slow] a haiku",
    onceKey: "another key",
  });
  const [outcome] = (await answered) as [Outcome];
  expect(outcome).toMatchObject({ returned: { ok: true, value: { requestId: row.id, state: "complete" } } });
  expect(unwrap(await again)).toMatchObject({ requestId: row.id, state: "complete" });
});

test("who could not prove for a moment that it lives is no corpse: only twice in a row counts", async () => {
  const session = await openSession(shop);
  const gone = "runner:that never was";
  const { sessionSweep } = shop.services;
  const running = shop.services.sessions.request(session.sessionId, session.bearer, {
    request: "[slow] a haiku",
    onceKey: null,
  });
  const where = { sessionId: session.sessionId };
  await expect.poll(() => shop.db.prisma.sessionRequest.count({ where }), SOON).toBe(1);
  await shop.db.prisma.sessionRequest.updateMany({ where, data: { runner: gone } });
  expect(await sessionSweep.failStrays()).toBe(0);
  expect(await sessionSweep.failStrays()).toBe(1);
  // What it brings home afterwards is dropped: it was ended before.
  expect(unwrap(await running)).toMatchObject({ state: "failed", debitedSats: 0, balanceSats: 1000 });
  await theBooksBalance();
});

test("a request that is long over its time is ended, whoever is said to run it", async () => {
  const session = await openSession(shop);
  const running = shop.services.sessions.request(session.sessionId, session.bearer, {
    request: "[slow] a haiku",
    onceKey: null,
  });
  const where = { sessionId: session.sessionId };
  await expect.poll(() => shop.db.prisma.sessionRequest.count({ where }), SOON).toBe(1);
  await shop.db.prisma.sessionRequest.updateMany({ where, data: { deadlineAt: new Date(Date.now() - 31_000) } });
  expect(await shop.services.sessionSweep.failStrays()).toBe(1);
  expect(unwrap(await running)).toMatchObject({ state: "failed", debitedSats: 0 });
});

test("a shutdown lets requests finish, and stops those that take too long: they cost nothing", async () => {
  const leaving: TroubledWorkshop = await troubledWorkshop();
  try {
    const session = await openSession(leaving);
    const ask = () =>
      leaving.services.sessions.request(session.sessionId, session.bearer, { request: "a haiku", onceKey: null });
    let finish = () => {};
    const finished = new Promise<void>((resolve) => (finish = resolve));
    leaving.agent.works(async (request, { signal }) => {
      await Promise.race([finished, new Promise((resolve) => signal.addEventListener("abort", resolve))]);
      if (signal.aborted) return { code: "agentUnreachable", detail: "aborted" };
      return { text: `Done: ${request}`, truncated: false, usage: { inputTokens: 500, outputTokens: 100 } };
    });
    const first = ask();
    const state = async () => (await leaving.db.prisma.sessionRequest.findMany()).map((row) => row.state);
    await expect.poll(state, SOON).toEqual(["running"]);
    const drained = leaving.services.requests.drain(60_000);
    finish();
    await drained;
    expect(unwrap(await first)).toMatchObject({ state: "complete", result: "Done: a haiku" });

    const second = await leaving.services.sessions.request(session.sessionId, session.bearer, {
      request: "too late",
      onceKey: null,
    });
    expect(unwrap(second)).toMatchObject({ state: "failed", errorMessage: TEXTS.interrupted, debitedSats: 0 });
  } finally {
    await leaving.close();
  }
});
