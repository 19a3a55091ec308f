import { afterAll, beforeAll, expect, test } from "vitest";
import { type OtherProcess, otherProcess } from "~/testing/other-process";
import { DONE } from "~/testing/scripted-agent";
import { type TroubledWorkshop, troubledWorkshop } from "~/testing/troubled-workshop";
import { unwrap } from "~/testing/unwrap";
import type { FeedItem } from "./job-feed";

let shop: TroubledWorkshop;
let other: OtherProcess;
beforeAll(async () => {
  shop = await troubledWorkshop();
  other = await otherProcess(shop.db.url);
});
afterAll(async () => {
  await other?.stop();
  await shop?.close();
});

const SOON = { timeout: 20_000 };

/** Somebody who watches a job and writes down what arrives. */
function watcher(jobId: string, afterSeq: number | null = null) {
  const left = new AbortController();
  const items: FeedItem[] = [];
  const ended = (async () => {
    for await (const item of shop.services.jobs.watch(jobId, afterSeq, left.signal)) items.push(item);
  })();
  return {
    items,
    seqs: () => items.map(({ seq }) => seq),
    states: () => items.flatMap(({ event }) => (event.type === "state" ? [event.job.state] : [])),
    text: () => items.map(({ event }) => (event.type === "delta" ? event.text : "")).join(""),
    async leave() {
      left.abort();
      await ended;
    },
  };
}

const cut = async (what: string) => {
  const { rowCount } = await shop.db.pool.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1",
    [what],
  );
  expect(rowCount).toBeGreaterThan(0);
};
const newestSeq = async (jobId: string) =>
  (await shop.db.prisma.job.findUnique({ where: { id: jobId } }))?.eventSeq ?? 0;
const payEval = (job: Awaited<ReturnType<TroubledWorkshop["order"]>>) => shop.pay(job.evalInvoice.paymentHash);
const payWork = async (jobId: string) =>
  shop.pay(unwrap(await shop.services.jobs.view(jobId)).workInvoice?.paymentHash ?? "");

test("a new watcher is told the present state, then every change, then nothing more", async () => {
  const job = await shop.order();
  await payEval(job);
  const watching = watcher(job.jobId);
  await expect.poll(watching.states, SOON).toEqual(["evaluating"]);
  await shop.work();
  await expect.poll(watching.states, SOON).toEqual(["evaluating", "awaiting_work_payment"]);
  await payWork(job.jobId);
  await shop.work();
  await expect.poll(() => watching.seqs().at(-1), SOON).toBe(await newestSeq(job.jobId));
  expect(watching.states().at(-1)).toBe("complete");
  await watching.leave();
  expect(new Set(watching.seqs()).size).toBe(watching.items.length);
});

test("one who comes back is told exactly what came after, in order", async () => {
  const job = await shop.order();
  const whole = watcher(job.jobId, 0);
  await payEval(job);
  await shop.work();
  await expect.poll(whole.seqs, SOON).toEqual([1, 2, 3]);
  for (const after of [0, 1, 2, 3]) {
    const back = watcher(job.jobId, after);
    await payloadsAfter(back, 3 - after);
    expect(back.seqs()).toEqual([1, 2, 3].filter((seq) => seq > after));
    await back.leave();
  }
  await whole.leave();
});

test("the answer arrives piece by piece, a new attempt voids the pieces, and the end holds the whole", async () => {
  const job = await shop.order();
  await payEval(job);
  await shop.work();
  await payWork(job.jobId);
  const watching = watcher(job.jobId);
  let goOn = () => {};
  const paused = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  shop.agent.works(async (_, { onText }) => {
    onText("one ");
    onText("two ");
    await paused;
    onText("three");
    return { ...DONE, text: "one two three" };
  });
  const working = shop.work();
  await expect.poll(watching.text, SOON).toBe("one two ");
  const late = watcher(job.jobId);
  await expect.poll(late.text, SOON).toBe("one two ");
  goOn();
  await working;
  await expect.poll(() => watching.states().at(-1), SOON).toBe("complete");
  const last = watching.items.at(-1)?.event;
  expect(last).toMatchObject({ type: "state", job: { result: "one two three" } });
  expect("one two three".startsWith(watching.text())).toBe(true);
  expect(watching.items.filter(({ event }) => event.type === "restart")).toHaveLength(1);
  await Promise.all([watching.leave(), late.leave()]);
});

test("what another process does is told here", async () => {
  const job = await shop.order();
  const watching = watcher(job.jobId);
  await expect.poll(watching.states, SOON).toEqual(["awaiting_eval_payment"]);
  await other.call({ path: "jobs.cancel", args: [job.jobId, job.refundToken] });
  await expect.poll(watching.states, SOON).toEqual(["awaiting_eval_payment", "cancelled"]);
  await watching.leave();
});

test("a listener that is cut off loses nothing and repeats nothing", async () => {
  const watchers = [];
  for (let round = 0; round < 4; round += 1) {
    const job = await shop.order();
    const watching = watcher(job.jobId, 0);
    watchers.push({ watching, job });
    await expect.poll(watching.seqs, SOON).toEqual([1]);
  }
  await cut("timmy listens to job");
  // While nobody hears them, and while it comes back.
  await Promise.all(
    watchers.map(async ({ job }) => {
      await payEval(job);
      await other.call({ path: "jobs.view", args: [job.jobId] });
    }),
  );
  await cut("timmy listens to job").catch(() => undefined);
  await shop.work();
  for (const { watching, job } of watchers) {
    await expect.poll(watching.seqs, SOON).toEqual([1, 2, 3]);
    expect(watching.states().at(-1)).toBe("awaiting_work_payment");
    expect(await newestSeq(job.jobId)).toBe(3);
    await watching.leave();
  }
  await expect.poll(() => shop.outside.feed.healthy(), SOON).toBe(true);
});

test("a watcher that leaves gets nothing any more, and the others still do", async () => {
  const job = await shop.order();
  const [gone, stays] = [watcher(job.jobId), watcher(job.jobId)];
  await expect.poll(() => [gone.items.length, stays.items.length], SOON).toEqual([1, 1]);
  await gone.leave();
  unwrap(await shop.services.jobs.cancel(job.jobId, job.refundToken));
  await expect.poll(stays.states, SOON).toEqual(["awaiting_eval_payment", "cancelled"]);
  expect(gone.items).toHaveLength(1);
  await stays.leave();
});

test("nobody is told of a job that does not exist", async () => {
  const watching = watcher("00000000-0000-4000-8000-000000000000");
  await watching.leave();
  expect(watching.items).toEqual([]);
});

const payloadsAfter = (watching: ReturnType<typeof watcher>, count: number) =>
  expect.poll(() => watching.items.length, SOON).toBe(count);
