import { afterAll, beforeAll, expect, test } from "vitest";
import { sats } from "~/core/money";
import { ACCEPTABLE, DONE } from "~/testing/scripted-agent";
import { type TroubledWorkshop, troubledWorkshop } from "~/testing/troubled-workshop";
import { unwrap } from "~/testing/unwrap";

let shop: TroubledWorkshop;
beforeAll(async () => {
  // Texts are kept for two minutes, invoices can be paid for ten.
  shop = await troubledWorkshop({ settings: { TEXT_RETENTION_DAYS: "0.01", INVOICE_EXPIRY_SECONDS: "86400" } });
});
afterAll(() => shop.close());

const view = async (jobId: string) => unwrap(await shop.services.jobs.view(jobId));
const eraseOld = () => shop.services.tasks["erase-old-texts"]();
const HOUR = 3_600_000;

async function rejected() {
  const job = await shop.order("a dull thing");
  await shop.pay(job.evalInvoice.paymentHash);
  shop.agent.judges(async () => ({
    verdict: "unacceptable",
    reason: "dull",
    usage: { inputTokens: 1, outputTokens: 1 },
  }));
  await shop.work();
  return job;
}

test("a late payment is owed, and is no change of state", async () => {
  const job = await shop.order();
  const cancelled = unwrap(await shop.services.jobs.cancel(job.jobId, job.refundToken));
  shop.clock.advance(HOUR);
  await shop.pay(job.evalInvoice.paymentHash);
  const after = await view(job.jobId);
  expect(after).toMatchObject({ state: "cancelled", owedSats: 10 });
  expect(after.updatedAt).toBe(cancelled.updatedAt);
});

test("texts are erased when their time is over, at an end and not before: an open job still needs its request", async () => {
  const open = await shop.order("wait for me");
  const ended = await rejected();
  shop.clock.advance(HOUR);
  await eraseOld();
  expect(await view(ended.jobId)).toMatchObject({ state: "rejected", textDeleted: true });
  expect(await view(ended.jobId)).not.toHaveProperty("request");
  expect(await view(ended.jobId)).not.toHaveProperty("reason");
  expect(await view(open.jobId)).toMatchObject({ state: "awaiting_eval_payment", request: "wait for me" });
  await shop.pay(open.evalInvoice.paymentHash);
  await shop.work();
  expect(await view(open.jobId)).toMatchObject({ state: "rejected" });
});

test("the payer erases the texts at once, at an end only, and keeps the money", async () => {
  const { jobs } = shop.services;
  const open = await shop.order();
  expect(await jobs.deleteText(open.jobId, open.refundToken)).toMatchObject({ error: { code: "jobInProgress" } });
  const job = await shop.owedJob();
  expect(await jobs.deleteText(job.jobId, undefined)).toMatchObject({ error: { code: "refundTokenMissing" } });
  expect(unwrap(await jobs.deleteText(job.jobId, job.refundToken))).toMatchObject({ textDeleted: true, owedSats: 10 });
  const target = shop.outsideInvoice(10);
  unwrap(await jobs.refund(job.jobId, job.refundToken, { invoice: target.paymentRequest }));
  await shop.work();
  expect(await view(job.jobId)).toMatchObject({ owedSats: 0, payout: { state: "paid" } });
});

test("one client's unpaid jobs are limited, also when they are ordered at once", async () => {
  const limited = await troubledWorkshop({ settings: { MAX_OPEN_ORDERS: "3" } });
  try {
    const order = () => limited.services.jobs.create({ request: "x", clientKey: "greedy", pubkey: null });
    const results = await Promise.all(Array.from({ length: 12 }, order));
    expect(results.filter(({ ok }) => ok)).toHaveLength(3);
    expect(results.filter((result) => !result.ok && result.error.code === "tooManyOpenOrders")).toHaveLength(9);
    expect(await limited.services.jobs.create({ request: "x", clientKey: "modest", pubkey: null })).toMatchObject({
      ok: true,
    });
  } finally {
    await limited.close();
  }
});

test("an invoice that paid too much or with a fraction of a sat: the order gets the whole sats, the books the rest", async () => {
  const job = await shop.order();
  await shop.db.pool.query("UPDATE simulated_invoice SET amount_msat = 12999 WHERE payment_hash = $1", [
    job.evalInvoice.paymentHash,
  ]);
  await shop.pay(job.evalInvoice.paymentHash);
  shop.agent.judges(async () => ({
    verdict: "unacceptable",
    reason: "no",
    usage: { inputTokens: 1, outputTokens: 1 },
  }));
  await shop.work();
  expect(await view(job.jobId)).toMatchObject({ state: "rejected", owedSats: 2 });
  expect(unwrap(await shop.services.books.prove())).toMatchObject({ ok: true });
});

test("work whose invoice brought less than its price is charged at most what it brought", async () => {
  const job = await shop.order();
  await shop.pay(job.evalInvoice.paymentHash);
  shop.agent.judges(async () => ACCEPTABLE);
  shop.agent.works(async () => ({ ...DONE, usage: { inputTokens: 90_000, outputTokens: 90_000 } }));
  await shop.work();
  const { workInvoice } = await view(job.jobId);
  await shop.db.pool.query("UPDATE simulated_invoice SET amount_msat = 3000 WHERE payment_hash = $1", [
    workInvoice?.paymentHash,
  ]);
  await shop.pay(workInvoice?.paymentHash ?? "");
  await shop.work();
  expect(await view(job.jobId)).toMatchObject({
    state: "complete",
    owedSats: 0,
    costLedger: { actualAmountSats: 3, workAmountSats: 3, refundAmountSats: 0, refundState: "not_applicable" },
  });
  expect(unwrap(await shop.services.books.prove())).toMatchObject({ ok: true });
});

test("what is never refunded stays owed for ever", async () => {
  const job = await shop.owedJob();
  shop.clock.advance(400 * 24 * HOUR);
  await eraseOld();
  expect(await view(job.jobId)).toMatchObject({ owedSats: Number(sats(10n)) });
});
