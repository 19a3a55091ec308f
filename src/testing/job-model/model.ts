import type { JobState } from "~/modules/jobs/job";
import { actualPrice } from "~/modules/pricing/pricing";
import { fromRecord, type QuoteRecord } from "~/modules/pricing/quote-schema";
import type { Usage } from "~/ports/agent";
import {
  decided,
  happened,
  type ModelIdentity,
  type PoolTotals,
  pledgeDropped,
  pledgeTaken,
  poolCredited,
  poolSettled,
  type ServedJob,
} from "./free-tier";
import { type ModelInvoice, newInvoice, newPayee, type Payee } from "./order-model";
import {
  type ModelRequest,
  type ModelSession,
  openTopup,
  sessionPaid,
  sessionUnpaid,
  takesPayment,
} from "./session-model";

/** What the spec says must become of jobs and their money, in plain variables. Sats unless a name says msat; times in ms. */
export type ModelJob = ServedJob &
  Payee & {
    kind: "job";
    state: JobState;
    deadline: number;
    quote: QuoteRecord | null;
    erased: boolean;
    actual: { charged: bigint; paid: bigint; absorbed: bigint } | null;
    escrow: bigint;
    earned: bigint;
  };

/** Since the books were begun, over all jobs there ever were. */
export type Totals = PoolTotals & {
  creditedMsat: bigint;
  earned: bigint;
  paidOut: bigint;
  feesMsat: bigint;
  fractionsMsat: bigint;
};

export type Model = {
  now: number;
  outage: "refusing" | "silent" | null;
  jobs: ModelJob[];
  sessions: ModelSession[];
  /** Of all sessions. */
  requests: ModelRequest[];
  identities: ModelIdentity[];
  totals: Totals;
  executed: number;
};
export type ModelOrder = ModelJob | ModelSession;
export const ordersOf = ({ jobs, sessions }: Pick<Model, "jobs" | "sessions">): ModelOrder[] => [...jobs, ...sessions];

export const EVAL_FEE = 10n;
const EVAL_MS = 600_000;
const WORK_MS = 1_800_000;
const SHARED_MS = 2_000;

const ENDS: readonly JobState[] = ["complete", "rejected", "failed", "expired", "cancelled"];
const AWAITED: Partial<Record<JobState, ModelInvoice["purpose"]>> = {
  awaiting_eval_payment: "eval",
  awaiting_work_payment: "work",
};

export const isOver = (job: ModelJob): boolean => ENDS.includes(job.state);
export const awaitedInvoice = (job: ModelJob): ModelInvoice | undefined =>
  job.invoices.find(({ purpose }) => purpose === AWAITED[job.state]);
/** It waits for this invoice to be paid. */
export const waitsFor = (order: ModelOrder, invoice: ModelInvoice): boolean =>
  order.kind === "job" ? invoice === awaitedInvoice(order) : takesPayment(order, invoice);

export function newJob(
  id: string,
  refundToken: string,
  invoice: { paymentHash: string; expiresAt: number },
  identity: ModelIdentity | null = null,
): ModelJob {
  return {
    ...newPayee(id, refundToken, [newInvoice("eval", EVAL_FEE, invoice)]),
    kind: "job",
    state: "awaiting_eval_payment",
    deadline: 0,
    identity,
    quote: null,
    covered: 0n,
    use: null,
    erased: false,
    actual: null,
    ...{ escrow: 0n, earned: 0n },
  };
}

/** We asked the wallet about an invoice and heard its answer. */
export function heard(model: Model, order: ModelOrder, invoice: ModelInvoice): void {
  if (invoice.state === "settled") return;
  if (invoice.creditedMsat !== null) {
    const amount = invoice.creditedMsat / 1000n;
    model.totals.creditedMsat += invoice.creditedMsat;
    model.totals.fractionsMsat += invoice.creditedMsat % 1000n;
    if (order.kind === "job") jobPaid(model, order, invoice, amount);
    else sessionPaid(order, invoice, amount);
    invoice.state = "settled";
  } else if (model.now >= invoice.expiresAt) {
    if (invoice.state === "open") unpaid(order, invoice);
    invoice.state = "expired";
  }
}

function unpaid(order: ModelOrder, invoice: ModelInvoice): void {
  if (order.kind !== "job") {
    sessionUnpaid(order, invoice);
  } else if (invoice === awaitedInvoice(order)) {
    order.state = "expired";
    pledgeDropped(order);
  }
}

function jobPaid(model: Model, job: ModelJob, invoice: ModelInvoice, credited: bigint): void {
  job.credited += credited;
  if (invoice !== awaitedInvoice(job)) {
    job.owed += credited;
    return;
  }
  job.escrow += credited;
  const judging = invoice.purpose === "eval";
  if (!judging) pledgeTaken(model, job);
  job.state = judging ? "evaluating" : "executing";
  job.deadline = model.now + (judging ? EVAL_MS : WORK_MS);
}

/** A poll asks the wallet about the invoice that an order waits for, at most every two seconds. */
export function polled(model: Model, order: ModelOrder): void {
  const invoice = order.kind === "job" ? awaitedInvoice(order) : openTopup(order);
  if (!invoice || invoice.state === "settled") return;
  if (invoice.lookedUpAt !== null && invoice.lookedUpAt >= model.now - SHARED_MS) return;
  invoice.lookedUpAt = model.now;
  if (!model.outage) heard(model, order, invoice);
}

export type Judging = "acceptable" | "unacceptable" | "unreachable" | "nonsense" | "dies";
export type Working = "done" | "truncated" | "empty" | "refused" | "unreachable" | "dies";

/** How far the evaluation comes. `asks`: an invoice for the work is wanted of the wallet. */
export function judging(model: Model, job: ModelJob, how: Judging): "asks" | "ended" | "waits" {
  if (job.state !== "evaluating") return "ended";
  if (job.quote) return "asks";
  if (model.now >= job.deadline || how === "nonsense") {
    job.state = "failed";
    closeEscrow(model, job, 0n);
    return "ended";
  }
  if (how === "unacceptable") {
    job.state = "rejected";
    happened(model, job, -2n);
    closeEscrow(model, job, EVAL_FEE);
    return "ended";
  }
  return how === "acceptable" ? "asks" : "waits";
}

/** Judged acceptable at such a quote. `free`: nothing is to be paid, the work begins. */
export function quoted(model: Model, job: ModelJob, quote: QuoteRecord): "free" | "asks" {
  job.quote = quote;
  if (!decided(model, job, BigInt(quote.quoteSats))) return "asks";
  job.state = "executing";
  job.deadline = model.now + WORK_MS;
  closeEscrow(model, job, EVAL_FEE);
  return "free";
}

/** What a visitor is asked to pay for the work. */
export const workAmount = (job: ModelJob): bigint => BigInt(job.quote?.quoteSats ?? "0") - job.covered;

export function invoicedForWork(
  model: Model,
  job: ModelJob,
  invoice: { paymentHash: string; expiresAt: number },
): void {
  job.state = "awaiting_work_payment";
  closeEscrow(model, job, EVAL_FEE);
  job.invoices.push(newInvoice("work", workAmount(job), invoice));
}

export function working(model: Model, job: ModelJob, how: Working, usage: Usage): void {
  if (job.state !== "executing") return;
  if (model.now < job.deadline && (how === "unreachable" || how === "dies")) return;
  if (model.now < job.deadline && (how === "done" || how === "truncated")) {
    if (!job.quote) throw new Error("work without a quote");
    const price = actualPrice({ work: usage }, fromRecord(job.quote)).actualAmountSats as bigint;
    const paid = job.escrow;
    const absorbed = poolSettled(model, job, price);
    const charged = price - absorbed < paid ? price - absorbed : paid;
    job.actual = { charged, paid, absorbed };
    job.state = "complete";
    happened(model, job, charged > 0n ? 1n : 0n, charged);
    poolCredited(model, charged);
    closeEscrow(model, job, charged);
  } else {
    job.state = "failed";
    if (model.now < job.deadline && how === "refused") happened(model, job, -2n);
    poolSettled(model, job, 0n);
    closeEscrow(model, job, 0n);
  }
}

function closeEscrow(model: Model, job: ModelJob, price: bigint): void {
  const earned = price < job.escrow ? price : job.escrow;
  job.earned += earned;
  model.totals.earned += earned;
  job.owed += job.escrow - earned;
  job.escrow = 0n;
}
