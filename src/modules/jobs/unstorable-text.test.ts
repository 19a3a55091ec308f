import { afterAll, beforeAll, expect, test } from "vitest";
import { openSession } from "~/testing/open-session";
import { ACCEPTABLE, SOME_USAGE } from "~/testing/scripted-agent";
import { type TroubledWorkshop, troubledWorkshop } from "~/testing/troubled-workshop";
import { unwrap } from "~/testing/unwrap";

// Postgres keeps no U+0000 in a text, and a model may be talked into writing one. The work is done and paid for all the
// same: what it must not come to is the same work again and again at our cost, and all of it owed in the end.
let shop: TroubledWorkshop;
beforeAll(async () => {
  shop = await troubledWorkshop();
});
afterAll(() => shop.close());

const view = async (jobId: string) => unwrap(await shop.services.jobs.view(jobId));
const calls = (wanted: string) => shop.agent.calls.filter(({ call }) => call === wanted).length;
const HALF_A_PAIR = "\ud800";

test("an answer with U+0000 or half a surrogate pair is kept without them, and done once", async () => {
  shop.agent.judges(async () => ACCEPTABLE);
  shop.agent.works(async (_, { onText }) => {
    onText("a\u0000");
    return { text: `a\u0000b${HALF_A_PAIR}c`, truncated: false, usage: SOME_USAGE };
  });
  const job = await shop.order();
  await shop.pay(job.evalInvoice.paymentHash);
  await shop.work();
  await shop.pay((await view(job.jobId)).workInvoice?.paymentHash ?? "");
  const before = calls("work");
  await shop.work();
  expect(await view(job.jobId)).toMatchObject({ state: "complete", result: "a\ufffdb\ufffdc" });
  expect(calls("work")).toBe(before + 1);

  const session = await openSession(shop, 500);
  const asked = { request: "a haiku", onceKey: null };
  const answer = unwrap(await shop.services.sessions.request(session.sessionId, session.bearer, asked));
  expect(answer).toMatchObject({ state: "complete", result: "a\ufffdb\ufffdc" });
  expect(answer.debitedSats).toBeGreaterThan(0);
  const kept = unwrap(await shop.services.sessions.viewRequest(session.sessionId, session.bearer, answer.requestId));
  expect(kept.result).toBe(answer.result);
});

test("and so is a reason, given once", async () => {
  shop.agent.judges(async () => ({ verdict: "unacceptable", reason: "no\u0000", usage: SOME_USAGE }));
  const job = await shop.order();
  await shop.pay(job.evalInvoice.paymentHash);
  const before = calls("judge");
  await shop.work();
  expect(await view(job.jobId)).toMatchObject({ state: "rejected", reason: "no\ufffd", owedSats: 0 });
  expect(calls("judge")).toBe(before + 1);

  const session = await openSession(shop, 500);
  const asked = { request: "a haiku", onceKey: null };
  expect(unwrap(await shop.services.sessions.request(session.sessionId, session.bearer, asked))).toMatchObject({
    state: "rejected",
    reason: "no\ufffd",
  });
  expect(unwrap(await shop.services.books.prove())).toMatchObject({ ok: true });
});
