import { randomUUID } from "node:crypto";
import { z } from "zod";
import { allBooked, withFacts } from "./booked";
import { claimAll, claimInVain, visitorsAddress } from "./claim";
import { eraseOld, loseTask } from "./faults";
import { type Flow, JOB_FLOWS, type JobFlowName, type Paying } from "./flows";
import { regular } from "./identities";
import type { JobRow } from "./job-rows";
import { type Order, pathOf } from "./order";
import { mustHold, ranOut, type World } from "./world";

const POLL_MS = 300;
const CreatedJob = z.object({ jobId: z.string(), refundToken: z.string() });

/** One visitor's way through one job. */
export async function visitJob(name: JobFlowName, number: number, world: World): Promise<boolean> {
  const flow: Flow = JOB_FLOWS[name];
  const request = `${flow.mark ?? ""} ${name} ${number}`.trim();
  const job = await createJob(request, world, await regular(world.pool, flow.by));
  return withFacts(job, world, () => follow(job, name, request, world));
}

async function follow(job: Order, name: JobFlowName, request: string, world: World): Promise<boolean> {
  const flow: Flow = JOB_FLOWS[name];
  const row = await walk(job, flow, world);
  mustHold(
    isExpected(flow, row, await phaseMs(job, row, world)),
    `${name} ended ${row.state}: ${row.error_message ?? ""}`,
  );
  mustHold((await world.jobs.jobsOf(request)) === 1, `one request (${name}) came to two jobs`);
  await allBooked(job, world);
  const { owed_msat } = await world.orders.money(job.id);
  const isLate = flow.eval === "late" || flow.work === "late";
  if (flow.extra === "expirePayout") await claimInVain(job, world);
  await claimAll(job, flow, world);
  await afterwards(flow, job, world);
  return row.state === flow.end && (!isLate || owed_msat > 0n);
}

/** Asks for the job, and now and then asks again with the same key, as a client does that heard no answer. */
export async function createJob(
  request: string,
  { client, next }: World,
  headers: Record<string, string> = {},
): Promise<Order> {
  const key = randomUUID();
  const times = next() < 0.3 ? 2 : 1;
  const jobs: z.infer<typeof CreatedJob>[] = [];
  for (let time = 0; time < times; time += 1) {
    const { status, body } = await client.post("/api/jobs", { request }, { key, headers });
    mustHold(status === 201, `a job was refused with ${status}`);
    jobs.push(CreatedJob.parse(body));
  }
  const [job] = jobs;
  mustHold(job !== undefined && jobs.every(({ jobId }) => jobId === job.jobId), "one key came to two jobs");
  return { kind: "jobs", id: job.jobId, refundToken: job.refundToken };
}

/** Pays, or does not, stage by stage, and waits for the end. */
export async function walk(job: Order, flow: Flow, world: World): Promise<JobRow> {
  let watching = true;
  const polling = flow.polls ? poll(job, world, () => watching) : undefined;
  if (flow.extra === "walletDown") {
    await world.wallet.trouble.order("wallet.createInvoice in job-evaluation.askForPayment", "down");
  }
  if (flow.extra === "walletSilent") {
    await world.wallet.trouble.order("wallet.lookUpPayment in dev-pay-service.book", "down");
  }
  try {
    await deal(job, "eval", flow.eval, world);
    if (flow.extra === "loseTask") await loseTask(job, world);
    const judged = await changed(job, ["awaiting_eval_payment", "evaluating"], flow, world);
    if (judged.state === "awaiting_work_payment") await deal(job, "work", flow.work ?? "never", world);
    return await changed(job, ["awaiting_work_payment", "executing"], flow, world);
  } finally {
    watching = false;
    await polling;
  }
}

async function deal(job: Order, purpose: "eval" | "work", paying: Paying, world: World): Promise<void> {
  const { payment_hash, payment_request } = await world.orders.invoice(job.id, purpose);
  if (paying === "cancel" || paying === "late") {
    await world.client.post(`${pathOf(job)}/cancel`, { refundToken: job.refundToken });
  }
  if (paying === "wallet" || paying === "late") await world.wallet.pay(payment_hash, payment_request);
  // It may have been paid before its first answer got lost: then this one says that it cannot be paid.
  if (paying === "dev") await world.client.post(`/api/dev/stub/pay/${payment_hash}`, {});
}

const changed = (job: Order, from: string[], { end }: Flow, world: World): Promise<JobRow> =>
  world.eventually(`a job that is to end ${end} gets beyond ${from[0]}`, async () => {
    const row = await world.jobs.job(job.id);
    return from.includes(row.state) ? null : row;
  });

async function poll(job: Order, { client }: World, goOn: () => boolean): Promise<void> {
  while (goOn()) {
    const { status } = await client.get(pathOf(job));
    mustHold(status === 200, `a poll was answered with ${status}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** Milliseconds that the phase took in which a job failed. */
async function phaseMs(job: Order, row: JobRow, { orders }: World): Promise<number> {
  if (row.state !== "failed") return 0;
  const purpose = row.error_message?.includes("judged") ? "eval" : "work";
  // Work that the pool pays for alone has no invoice of its own.
  const { settled_at } = await orders.invoice(job.id, purpose).catch(() => orders.invoice(job.id, "eval"));
  return settled_at ? row.state_changed_at.getTime() - settled_at.getTime() : 0;
}

/**
 * Its own end; or the one that a job comes to when killing took all its time: a phase that ran out of it, an invoice
 * that was over before it was dealt with. That such an invoice was really not paid is checked for all of them at once.
 */
function isExpected({ end }: Flow, row: JobRow, tookMs: number): boolean {
  if (row.state === end) return true;
  if (row.state === "failed") return ranOut(tookMs);
  return row.state === "expired";
}

async function afterwards({ extra }: Flow, job: Order, world: World): Promise<void> {
  const { client, jobs, wallet, eventually } = world;
  const { refundToken } = job;
  if (extra === "claimTwice") {
    const { paymentRequest } = await wallet.invoice(10);
    const { status } = await client.post(`${pathOf(job)}/refund`, { refundToken, invoice: paymentRequest });
    mustHold(status === 409, `a claim of nothing was answered with ${status}`);
  }
  if (extra === "claimAgain") {
    const lightningAddress = visitorsAddress(world);
    const { status } = await client.post(`${pathOf(job)}/refund`, { refundToken, lightningAddress });
    mustHold(status === 200, `the same claim again was answered with ${status}`);
  }
  if (extra === "deleteText") await client.delete(pathOf(job), { refundToken });
  if (extra === "forgetText") await eraseOld(job, world);
  if (extra === "deleteText" || extra === "forgetText") {
    await eventually("a text is erased", async () => (await jobs.job(job.id)).request === null || null);
  }
}
