import { afterAll, beforeAll, expect, test } from "vitest";
import { sats, toMsat } from "~/core/money";
import { outsideInvoice } from "~/testing/outside-node";
import { type Workshop, workshop } from "~/testing/workshop";

let shop: Workshop;
beforeAll(async () => {
  shop = await workshop();
});
afterAll(() => shop.close());

test("a job, from the request to the change back", async () => {
  const { jobs } = shop.services;
  const created = unwrap(await jobs.create({ request: "a haiku about patience", clientKey: "me", pubkey: null }));
  expect(created).toMatchObject({ state: "awaiting_eval_payment", evalInvoice: { amountSats: 10 } });

  await shop.payOutside(created.evalInvoice.paymentHash);
  await expect.poll(() => stateOf(created.jobId), SOON).toBe("evaluating");
  await shop.work();
  const quoted = await view(created.jobId);
  expect(quoted).toMatchObject({ state: "awaiting_work_payment", owedSats: 0 });
  expect(quoted.pricingBreakdown?.quoteSats).toBe(quoted.workInvoice?.amountSats);

  await shop.payOutside(quoted.workInvoice?.paymentHash ?? "");
  // Polls alone notice it; those of two seconds share one question to the wallet.
  await expect.poll(() => stateOf(created.jobId), SOON).toBe("executing");
  await shop.work();
  const done = await view(created.jobId);
  expect(done).toMatchObject({ state: "complete", costLedger: { refundState: "pending" } });
  const { actualAmountSats = 0, workAmountSats = 0, refundAmountSats = 0 } = done.costLedger ?? {};
  expect(actualAmountSats + refundAmountSats).toBe(workAmountSats);
  expect(done.owedSats).toBe(refundAmountSats);
  expect(refundAmountSats).toBeGreaterThan(0);

  const target = outsideInvoice({ amountMsat: toMsat(sats(refundAmountSats)) });
  const claimed = unwrap(await jobs.refund(created.jobId, created.refundToken, { invoice: target.paymentRequest }));
  expect(claimed).toMatchObject({ refundState: "pending", amountSats: refundAmountSats, owedSats: refundAmountSats });
  await shop.work();
  expect(await view(created.jobId)).toMatchObject({ owedSats: 0, costLedger: { refundState: "paid" } });

  const proof = unwrap(await shop.services.books.prove());
  expect(proof).toMatchObject({ ok: true, terms: { ledgerMsat: BigInt(10 + actualAmountSats) * 1000n } });
});

const SOON = { timeout: 10_000 };
const stateOf = async (jobId: string) => (await view(jobId)).state;
const view = async (jobId: string) => unwrap(await shop.services.jobs.view(jobId));

function unwrap<T>(result: { ok: true; value: T } | { ok: false; error: { code: string } }): T {
  if (!result.ok) throw new Error(result.error.code);
  return result.value;
}
