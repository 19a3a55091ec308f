import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { anyInvoice } from "../demo/any-invoice";
import type { Answer, Requests } from "./requests";

const Invoice = z.object({ paymentHash: z.string(), amountSats: z.int() });
const Created = z.object({ jobId: z.string(), refundToken: z.string(), evalInvoice: Invoice });
const Job = z.object({ state: z.string(), owedSats: z.int(), workInvoice: Invoice.optional() });
const Opened = z.object({
  sessionId: z.string(),
  macaroon: z.string(),
  refundToken: z.string(),
  depositInvoice: Invoice,
});
const Session = z.object({ state: z.string(), balanceSats: z.int(), owedSats: z.int() });
const Asked = z.object({ state: z.string(), debitedSats: z.int() });

const POLL_MS = 150;
const PATIENCE_MS = 120_000;
const DEPOSIT_SATS = 5_000;
const REQUESTS_OF_A_SESSION = 3;

/** The whole way of a job: asked, judged, paid, done, its change paid out. Throws what did not hold. */
export async function jobVisitor(client: Requests, number: number): Promise<void> {
  const { jobId, refundToken, evalInvoice } = Created.parse(
    must(await client.post("/api/jobs", { request: `A haiku, the ${number}th` }), 201),
  );
  const job = (accept: (seen: z.infer<typeof Job>) => boolean) =>
    until(`job ${number}`, async () => Job.parse(must(await client.get(`/api/jobs/${jobId}`))), accept);

  await pay(client, evalInvoice.paymentHash);
  const judged = await job(({ state }) => state === "awaiting_work_payment");
  if (!judged.workInvoice) throw new Error(`job ${number} has no invoice of its work`);
  await pay(client, judged.workInvoice.paymentHash);
  const { owedSats } = await job(({ state }) => state === "complete");
  if (owedSats === 0) return;
  must(await client.post(`/api/jobs/${jobId}/refund`, { refundToken, invoice: anyInvoice(owedSats) }));
  await job((seen) => seen.owedSats === 0);
}

/** The whole way of a session: a deposit, some requests, closed, the rest paid out. Every sat is found again. */
export async function sessionVisitor(client: Requests, number: number): Promise<void> {
  const opened = Opened.parse(must(await client.post("/api/sessions", { amountSats: DEPOSIT_SATS }), 201));
  const { sessionId, refundToken } = opened;
  const headers = { authorization: `Bearer ${opened.macaroon}` };
  const read = async () => {
    const answer = await client.get(`/api/sessions/${sessionId}`, headers);
    return answer.status === 401 ? null : Session.parse(must(answer)); // the deposit is not noticed yet
  };
  await pay(client, opened.depositInvoice.paymentHash);
  await until(`session ${number}`, read, (seen) => seen?.state === "active");

  let debitedSats = 0;
  for (let asked = 0; asked < REQUESTS_OF_A_SESSION; asked += 1) {
    const answer = await client.post(`/api/sessions/${sessionId}/request`, { request: "A haiku" }, headers);
    debitedSats += Asked.parse(must(answer)).debitedSats;
  }
  must(await client.post(`/api/sessions/${sessionId}/close`, { refundToken }, headers));
  const closed = await until(`session ${number}`, read, (seen) => seen?.balanceSats === 0 && seen.owedSats > 0);
  const owedSats = closed?.owedSats ?? 0;
  if (owedSats + debitedSats !== DEPOSIT_SATS) {
    throw new Error(`session ${number}: ${owedSats} owed and ${debitedSats} debited of ${DEPOSIT_SATS}`);
  }
  must(await client.post(`/api/sessions/${sessionId}/refund`, { refundToken, invoice: anyInvoice(owedSats) }));
  await until(`session ${number}`, read, (seen) => seen?.owedSats === 0);
}

/** It may have been paid before its first answer got lost: then this one says that it cannot be paid. */
async function pay(client: Requests, paymentHash: string): Promise<void> {
  const { status } = await client.post(`/api/dev/stub/pay/${paymentHash}`, {});
  if (status !== 200 && status !== 409) throw new Error(`paying was answered with ${status}`);
}

function must({ status, body }: Answer, wanted = 200): Record<string, unknown> {
  if (status === wanted) return body;
  throw new Error(`answered with ${status}: ${JSON.stringify(body).slice(0, 300)}`);
}

async function until<T>(what: string, ask: () => Promise<T>, accept: (seen: T) => boolean): Promise<T> {
  const limit = Date.now() + PATIENCE_MS;
  for (;;) {
    const seen = await ask();
    if (accept(seen)) return seen;
    if (Date.now() > limit) throw new Error(`${what} stands still at ${JSON.stringify(seen).slice(0, 300)}`);
    await pause(POLL_MS);
  }
}
