import { afterAll, beforeAll, expect, test } from "vitest";
import type { Usage, Work } from "~/ports/agent";
import { ACCEPTABLE, DONE } from "~/testing/scripted-agent";
import { type TroubledWorkshop, troubledWorkshop } from "~/testing/troubled-workshop";
import { unwrap } from "~/testing/unwrap";

let shop: TroubledWorkshop;
beforeAll(async () => {
  shop = await troubledWorkshop();
});
afterAll(() => shop.close());

const never = new AbortController().signal;
const judge = (jobId: string) => shop.services.tasks.evaluate({ jobId }, { abortSignal: never });
const work = (jobId: string) => shop.services.tasks.work({ jobId }, { abortSignal: never });
const view = async (jobId: string) => unwrap(await shop.services.jobs.view(jobId));
const waitingTasks = async (jobId: string) =>
  (
    await shop.db.pool.query(
      "SELECT 1 FROM graphile_worker._private_jobs WHERE payload->>'jobId' = $1 AND locked_at IS NULL",
      [jobId],
    )
  ).rowCount;
const dropTasks = () => shop.db.pool.query("DELETE FROM graphile_worker._private_jobs");

/** A call to the agent that the test ends when it likes. */
function pending<T>() {
  let end: (value: T) => void = () => {};
  let begun: () => void = () => {};
  const answer = new Promise<T>((resolve) => {
    end = resolve;
  });
  const started = new Promise<void>((resolve) => {
    begun = resolve;
  });
  return { answer, started, begun: () => begun(), end: (value: T) => end(value) };
}

async function evaluating() {
  const job = await shop.order();
  await shop.pay(job.evalInvoice.paymentHash);
  await dropTasks();
  return job;
}
async function executing() {
  const job = await evaluating();
  shop.agent.judges(async () => ACCEPTABLE);
  await judge(job.jobId);
  const { workInvoice } = await view(job.jobId);
  await shop.pay(workInvoice?.paymentHash ?? "");
  await dropTasks();
  return job;
}

const COSTLY: Usage = { inputTokens: 5000, outputTokens: 2000 };
const STALE_WORK: Work = { text: "stale", truncated: false, usage: COSTLY };

test.each([
  ["judgement", ACCEPTABLE],
  ["rejection", { verdict: "unacceptable", reason: "stale", usage: COSTLY } as const],
  ["nonsense", { code: "agentNonsense", detail: "stale" } as const],
  ["failure", { code: "agentUnreachable", detail: "stale" } as const],
])("the %s of a stale judge is dropped, and its task with it", async (_, stale) => {
  const { jobId } = await evaluating();
  const slow = pending<typeof stale>();
  const second = pending<void>();
  let calls = 0;
  shop.agent.judges(async () => {
    calls += 1;
    if (calls === 2) {
      second.begun();
      await second.answer;
      return { verdict: "unacceptable", reason: "fresh", usage: COSTLY };
    }
    slow.begun();
    return slow.answer;
  });
  const first = judge(jobId);
  await slow.started;
  const fresh = judge(jobId);
  await second.started;
  slow.end(stale);
  await first;
  expect(await view(jobId)).toMatchObject({ state: "evaluating" });
  expect(await waitingTasks(jobId)).toBe(0);
  second.end();
  await fresh;
  expect(await view(jobId)).toMatchObject({ state: "rejected", reason: "fresh" });
});

test.each([
  ["result", STALE_WORK],
  ["refusal", { code: "agentRefused", detail: "stale" } as const],
  ["emptiness", { code: "agentEmpty", detail: "stale" } as const],
  ["failure", { code: "agentUnreachable", detail: "stale" } as const],
])("the %s of stale work is dropped, and its task with it", async (_, stale) => {
  const { jobId } = await executing();
  const slow = pending<typeof stale>();
  shop.agent.works(async () => {
    slow.begun();
    return slow.answer;
  });
  const first = work(jobId);
  await slow.started;
  const second = pending<void>();
  shop.agent.works(async () => {
    second.begun();
    await second.answer;
    return DONE;
  });
  const fresh = work(jobId);
  await second.started;
  slow.end(stale);
  await first;
  expect(await view(jobId)).toMatchObject({ state: "executing" });
  expect(await waitingTasks(jobId)).toBe(0);
  second.end();
  await fresh;
  const done = await view(jobId);
  expect(done).toMatchObject({ state: "complete", result: DONE.text });
  expect(done.costLedger).toMatchObject({ actualInputTokens: DONE.usage.inputTokens });
  // What is earned, what is owed, and the share of the pool.
  const posted = await shop.db.prisma.ledgerTransfer.count({
    where: { eventKey: { startsWith: `job:${jobId}:work` } },
  });
  expect(posted).toBe(3);
});

test("the pieces of a stale answer are not shown, and whoever writes it is told to stop", async () => {
  const { jobId } = await executing();
  let stopped: AbortSignal | undefined;
  const slow = pending<void>();
  shop.agent.works(async (_, { onText, signal }) => {
    stopped = signal;
    onText("stale beginning. ");
    slow.begun();
    await slow.answer;
    onText("stale end.");
    await expect.poll(() => signal.aborted).toBe(true);
    return { code: "agentUnreachable", detail: "aborted" };
  });
  const first = work(jobId);
  await slow.started;
  const second = pending<void>();
  shop.agent.works(async (_, { onText }) => {
    onText("fresh.");
    second.begun();
    await second.answer;
    return DONE;
  });
  const fresh = work(jobId);
  await second.started;
  await expect.poll(() => deltasOf(jobId)).toBe("fresh.");
  slow.end();
  await first;
  expect(stopped?.aborted).toBe(true);
  expect(await deltasOf(jobId)).toBe("fresh.");
  expect(await waitingTasks(jobId)).toBe(0);
  second.end();
  await fresh;
  expect(await view(jobId)).toMatchObject({ state: "complete", result: DONE.text });
  expect(await deltasOf(jobId)).toBe("");
});

test("an attempt that waited for the wallet while another asked for the payment asks for none itself", async () => {
  const { jobId } = await evaluating();
  shop.agent.judges(async () => ACCEPTABLE);
  const wallet = pending<void>();
  shop.wallet.next("createInvoice", { kind: "slow", until: wallet.answer });
  const first = judge(jobId);
  await expect.poll(async () => (await shop.db.prisma.job.findUnique({ where: { id: jobId } }))?.quote).toBeTruthy();
  await judge(jobId);
  const quoted = await view(jobId);
  expect(quoted.state).toBe("awaiting_work_payment");
  wallet.end();
  await first;
  expect(await view(jobId)).toEqual(quoted);
  expect(await shop.db.prisma.invoice.count({ where: { orderId: jobId, purpose: "work" } })).toBe(1);
});

test("two workers on one task: each takes a number, one result counts, one price is charged", async () => {
  const { jobId } = await evaluating();
  shop.agent.judges(async () => ACCEPTABLE);
  shop.agent.works(async () => DONE);
  await Promise.all(Array.from({ length: 4 }, () => judge(jobId)));
  const quoted = await view(jobId);
  expect(quoted.state).toBe("awaiting_work_payment");
  expect(await shop.db.prisma.invoice.count({ where: { orderId: jobId, purpose: "work" } })).toBe(1);
  await shop.pay(quoted.workInvoice?.paymentHash ?? "");
  await dropTasks();
  await Promise.all(Array.from({ length: 4 }, () => work(jobId)));
  expect(await view(jobId)).toMatchObject({ state: "complete" });
  const keys = await shop.db.prisma.ledgerTransfer.findMany({
    where: { eventKey: { startsWith: `job:${jobId}` } },
    distinct: ["eventKey"],
    select: { eventKey: true },
  });
  expect(keys.map(({ eventKey }) => eventKey).sort()).toEqual([`job:${jobId}:judged`, `job:${jobId}:work-done`]);
});

test("a job that moved on has no attempt left to take", async () => {
  const { jobId } = await executing();
  const calls = shop.agent.calls.length;
  await judge(jobId);
  expect(shop.agent.calls).toHaveLength(calls);
  await work(jobId);
  await work(jobId);
  expect(shop.agent.calls).toHaveLength(calls + 1);
});

async function deltasOf(jobId: string): Promise<string> {
  const events = await shop.db.prisma.jobEvent.findMany({ where: { jobId, type: "delta" }, orderBy: { seq: "asc" } });
  return events.map(({ data }) => (data as { text: string }).text).join("");
}
