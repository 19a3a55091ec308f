import { randomUUID } from "node:crypto";
import { claimAll, claimInVain, visitorsAddress } from "./claim";
import { eraseOld, hurryChecks, loseTask } from "./faults";
import { FLOWS, type Flow, type FlowName, type Paying } from "./flows";
import type { JobRow } from "./job-rows";
import { CreatedJob, type Job, mustHold, PHASE_SECONDS, type World } from "./world";

const POLL_MS = 300;
/** One clock, and times that are cut to milliseconds. */
const CUT_MS = 50;

/**
 * One visitor's way through one job, whatever is killed meanwhile. False when killing took so much time that it came to
 * another end. Throws what did not hold.
 */
export async function visit(name: FlowName, number: number, world: World): Promise<boolean> {
  const { mark }: Flow = FLOWS[name];
  const request = `${mark ?? ""} ${name} ${number}`.trim();
  const job = await create(request, world);
  try {
    return await follow(job, name, request, world);
  } catch (error) {
    throw new Error(await world.rows.facts(job.jobId), { cause: error });
  }
}

async function follow(job: Job, name: FlowName, request: string, world: World): Promise<boolean> {
  const flow: Flow = FLOWS[name];
  const row = await walk(job, flow, world);
  mustHold(
    isExpected(flow, row, await phaseMs(job, row, world)),
    `${name} ended ${row.state}: ${row.error_message ?? ""}`,
  );
  mustHold((await world.rows.jobsOf(request)) === 1, `one request (${name}) came to two jobs`);
  await world.eventually("what the wallet was paid is booked", async () => {
    await hurryChecks(job, world);
    return (await world.rows.unbooked(job.jobId)) === 0 ? true : null;
  });
  const { owed_msat } = await world.rows.job(job.jobId);
  const isLate = flow.eval === "late" || flow.work === "late";
  if (flow.extra === "expirePayout") await claimInVain(job, world);
  await claimAll(job, flow, world);
  await afterwards(flow, job, world);
  return row.state === flow.end && (!isLate || owed_msat > 0n);
}

/** Asks for the job, and now and then asks again with the same key, as a client does that heard no answer. */
async function create(request: string, { client, next }: World): Promise<Job> {
  const key = randomUUID();
  const times = next() < 0.3 ? 2 : 1;
  const jobs: Job[] = [];
  for (let time = 0; time < times; time += 1) {
    const { status, body } = await client.post("/api/jobs", { request }, key);
    mustHold(status === 201, `a job was refused with ${status}`);
    jobs.push(CreatedJob.parse(body));
  }
  const [job] = jobs;
  mustHold(job !== undefined && jobs.every(({ jobId }) => jobId === job.jobId), "one key came to two jobs");
  return job;
}

/** Pays, or does not, stage by stage, and waits for the end. */
async function walk(job: Job, flow: Flow, world: World): Promise<JobRow> {
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
    if (judged.state !== "awaiting_work_payment") return judged;
    await deal(job, "work", flow.work ?? "never", world);
    return await changed(job, ["awaiting_work_payment", "executing"], flow, world);
  } finally {
    watching = false;
    await polling;
  }
}

async function deal(job: Job, purpose: "eval" | "work", paying: Paying, world: World): Promise<void> {
  const { payment_hash, payment_request } = await world.rows.invoice(job.jobId, purpose);
  if (paying === "cancel" || paying === "late") {
    await world.client.post(`/api/jobs/${job.jobId}/cancel`, { refundToken: job.refundToken });
  }
  if (paying === "wallet" || paying === "late") await world.wallet.pay(payment_hash, payment_request);
  // It may have been paid before its first answer got lost: then this one says that it cannot be paid.
  if (paying === "dev") await world.client.post(`/api/dev/stub/pay/${payment_hash}`, {});
}

const changed = (job: Job, from: string[], { end }: Flow, world: World): Promise<JobRow> =>
  world.eventually(`a job that is to end ${end} gets beyond ${from[0]}`, async () => {
    const row = await world.rows.job(job.jobId);
    return from.includes(row.state) ? null : row;
  });

async function poll(job: Job, { client }: World, goOn: () => boolean): Promise<void> {
  while (goOn()) {
    const { status } = await client.get(`/api/jobs/${job.jobId}`);
    mustHold(status === 200, `a poll was answered with ${status}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** Milliseconds that the phase took in which a job failed. */
async function phaseMs(job: Job, row: JobRow, { rows }: World): Promise<number> {
  if (row.state !== "failed") return 0;
  const purpose = row.error_message?.includes("judged") ? "eval" : "work";
  const { settled_at } = await rows.invoice(job.jobId, purpose);
  return settled_at ? row.state_changed_at.getTime() - settled_at.getTime() : 0;
}

/**
 * Its own end; or the one that a job comes to when killing took all its time: a phase that ran out of it, an invoice
 * that was over before it was dealt with. That such an invoice was really not paid is checked for all of them at once.
 */
function isExpected({ end }: Flow, row: JobRow, tookMs: number): boolean {
  if (row.state === end) return true;
  if (row.state === "failed") return tookMs >= PHASE_SECONDS * 1000 - CUT_MS;
  return row.state === "expired";
}

async function afterwards({ extra }: Flow, job: Job, world: World): Promise<void> {
  const { client, rows, wallet, eventually } = world;
  const { jobId, refundToken } = job;
  if (extra === "claimTwice") {
    const { paymentRequest } = await wallet.invoice(10);
    const { status } = await client.post(
      `/api/jobs/${jobId}/refund`,
      { refundToken, invoice: paymentRequest },
      randomUUID(),
    );
    mustHold(status === 409, `a claim of nothing was answered with ${status}`);
  }
  if (extra === "claimAgain") {
    const lightningAddress = visitorsAddress(world);
    const { status } = await client.post(`/api/jobs/${jobId}/refund`, { refundToken, lightningAddress }, randomUUID());
    mustHold(status === 200, `the same claim again was answered with ${status}`);
  }
  if (extra === "deleteText") await client.delete(`/api/jobs/${jobId}`, { refundToken });
  if (extra === "forgetText") await eraseOld(job, world);
  if (extra === "deleteText" || extra === "forgetText") {
    await eventually("a text is erased", async () => (await rows.job(jobId)).request === null || null);
  }
}
