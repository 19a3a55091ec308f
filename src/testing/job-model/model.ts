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

/** What the spec says must become of jobs and their money, in plain variables. Sats unless a name says msat; times in ms. */
export type ModelInvoice = {
  paymentHash: string;
  purpose: "eval" | "work" | "other";
  expiresAt: number;
  /** What the wallet was paid, msat; null while it was not. */
  creditedMsat: bigint | null;
  state: "open" | "expired" | "settled";
  lookedUpAt: number | null;
};

/** What the wallet did with a payment, whatever it told us. */
export type Fate = "none" | "paid" | "failed" | "heldPending" | "heldUnseen";
export type ModelPayout = {
  paymentHash: string;
  paymentRequest: string;
  target: string;
  amount: bigint;
  expiresAt: number;
  state: "queued" | "sending" | "paid" | "failed";
  sentAt: number;
  fate: Fate;
  feeMsat: bigint;
};
export type ModelCode = { k1: string; amount: bigint; expiresAt: number; used: boolean };

export type ModelJob = ServedJob & {
  id: string;
  refundToken: string;
  state: JobState;
  deadline: number;
  quote: QuoteRecord | null;
  invoices: ModelInvoice[];
  payouts: ModelPayout[];
  codes: ModelCode[];
  erased: boolean;
  actual: { charged: bigint; paid: bigint; absorbed: bigint } | null;
  credited: bigint;
  escrow: bigint;
  owed: bigint;
  inFlight: bigint;
  earned: bigint;
  paidOut: bigint;
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
  identities: ModelIdentity[];
  totals: Totals;
  executed: number;
};

export const EVAL_FEE = 10n;
const EVAL_MS = 600_000;
const WORK_MS = 1_800_000;
const GRACE_MS = 60_000;
const SHARED_MS = 2_000;
const LEAST_LEFT_MS = 60_000;

const ENDS: readonly JobState[] = ["complete", "rejected", "failed", "expired", "cancelled"];
const AWAITED: Partial<Record<JobState, ModelInvoice["purpose"]>> = {
  awaiting_eval_payment: "eval",
  awaiting_work_payment: "work",
};

export const isOver = (job: ModelJob): boolean => ENDS.includes(job.state);
export const awaitedInvoice = (job: ModelJob): ModelInvoice | undefined =>
  job.invoices.find(({ purpose }) => purpose === AWAITED[job.state]);
export const inFlight = (job: ModelJob): ModelPayout | undefined =>
  job.payouts.find(({ state }) => state === "queued" || state === "sending");

export function newJob(
  id: string,
  refundToken: string,
  invoice: { paymentHash: string; expiresAt: number },
  identity: ModelIdentity | null = null,
): ModelJob {
  return {
    id,
    refundToken,
    state: "awaiting_eval_payment",
    deadline: 0,
    identity,
    quote: null,
    covered: 0n,
    use: null,
    invoices: [{ ...invoice, purpose: "eval", creditedMsat: null, state: "open", lookedUpAt: null }],
    payouts: [],
    codes: [],
    erased: false,
    actual: null,
    ...{ credited: 0n, escrow: 0n, owed: 0n, inFlight: 0n, earned: 0n, paidOut: 0n },
  };
}

/** We asked the wallet about an invoice and heard its answer. */
export function heard(model: Model, job: ModelJob, invoice: ModelInvoice): void {
  if (invoice.state === "settled") return;
  if (invoice.creditedMsat !== null) {
    settled(model, job, invoice, invoice.creditedMsat);
  } else if (model.now >= invoice.expiresAt) {
    if (invoice.state === "open" && invoice === awaitedInvoice(job)) {
      job.state = "expired";
      pledgeDropped(job);
    }
    invoice.state = "expired";
  }
}

function settled(model: Model, job: ModelJob, invoice: ModelInvoice, creditedMsat: bigint): void {
  const credited = creditedMsat / 1000n;
  model.totals.creditedMsat += creditedMsat;
  model.totals.fractionsMsat += creditedMsat % 1000n;
  job.credited += credited;
  const inTime = invoice === awaitedInvoice(job);
  invoice.state = "settled";
  if (!inTime) {
    job.owed += credited;
    return;
  }
  job.escrow += credited;
  const judging = invoice.purpose === "eval";
  if (!judging) pledgeTaken(model, job);
  job.state = judging ? "evaluating" : "executing";
  job.deadline = model.now + (judging ? EVAL_MS : WORK_MS);
}

/** A poll asks the wallet about the invoice that a job waits for, at most every two seconds. */
export function polled(model: Model, job: ModelJob): void {
  const invoice = awaitedInvoice(job);
  if (!invoice || invoice.state === "settled") return;
  if (invoice.lookedUpAt !== null && invoice.lookedUpAt >= model.now - SHARED_MS) return;
  invoice.lookedUpAt = model.now;
  if (!model.outage) heard(model, job, invoice);
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
  job.invoices.push({ ...invoice, purpose: "work", creditedMsat: null, state: "open", lookedUpAt: null });
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

export type ClaimAnswer =
  | "same"
  | "payoutInFlight"
  | "nothingOwed"
  | "refundTargetReused"
  | "refundTargetUnusable"
  | "new";
export type Target = { paymentHash: string; amountMsat: bigint | null; network: string; expiresAt: number };

/** What is answered to a claim of so much (all that is owed, unless a code says how much) to this target. */
export function claimAnswer(
  model: Model,
  job: ModelJob,
  name: string,
  target: Target,
  codeAmount?: bigint,
): ClaimAnswer {
  const newest = job.payouts.at(-1);
  const waiting = inFlight(job) !== undefined;
  if (waiting || job.owed === 0n) {
    if (newest && newest.target === name && newest.state !== "failed") return "same";
    return waiting ? "payoutInFlight" : "nothingOwed";
  }
  const amount = codeAmount ?? job.owed;
  if (amount > job.owed) return "nothingOwed";
  const usable =
    target.network === "bcrt" &&
    target.amountMsat === amount * 1000n &&
    target.expiresAt >= model.now + LEAST_LEFT_MS &&
    !model.jobs.some(({ invoices }) => invoices.some(({ paymentHash }) => paymentHash === target.paymentHash));
  if (!usable) return "refundTargetUnusable";
  const reused = model.jobs.some(({ payouts }) =>
    payouts.some(({ paymentHash }) => paymentHash === target.paymentHash),
  );
  return reused ? "refundTargetReused" : "new";
}

export function claimed(
  job: ModelJob,
  payout: Pick<ModelPayout, "paymentHash" | "paymentRequest" | "target" | "amount" | "expiresAt">,
) {
  job.owed -= payout.amount;
  job.inFlight += payout.amount;
  job.payouts.push({ ...payout, state: "queued", sentAt: 0, fate: "none", feeMsat: 0n });
}

/** What happens when a payment is tried: what the wallet does, and what we hear of it. */
export type Paying =
  | "pays"
  | "timesOutBefore"
  | "timesOutAfter"
  | "notSent"
  | "pending"
  | "arrivesLate"
  | "fails"
  | "diesBefore"
  | "diesAfter";

/** Will the wallet be asked to pay when this payout's task runs? */
export const willSend = (model: Model, payout: ModelPayout): boolean =>
  payout.state === "queued" && payout.expiresAt > model.now;

/** Only a payment that the wallet has never tried can go wrong in every way. */
export const mayGoWrong = (payout: ModelPayout): boolean => payout.fate === "none";

export function payoutRun(model: Model, job: ModelJob, payout: ModelPayout, how: Paying, feeMsat: bigint): void {
  if (payout.state === "queued") {
    if (willSend(model, payout)) sent(model, job, payout, how, feeMsat);
    else over(model, job, payout);
  } else if (payout.state === "sending" && !model.outage) {
    if (payout.fate === "paid") paidOut(model, job, payout);
    else if (payout.fate === "failed") failed(job, payout);
    else if (isUnseen(payout) && model.now - payout.sentAt >= GRACE_MS) payout.state = "queued";
  }
}

const isUnseen = ({ fate }: ModelPayout): boolean => fate === "none" || fate === "heldUnseen";

/** Its invoice has expired: what was never sent is owed again; of what was sent once the wallet has the last word. */
function over(model: Model, job: ModelJob, payout: ModelPayout): void {
  if (payout.sentAt > 0 && model.outage) return;
  if (payout.fate === "paid") paidOut(model, job, payout);
  else failed(job, payout);
}

function sent(model: Model, job: ModelJob, payout: ModelPayout, how: Paying, feeMsat: bigint): void {
  payout.sentAt = model.now;
  const dies = how === "diesBefore" || how === "diesAfter";
  if (model.outage === "refusing" && !dies) return;
  payout.state = "sending";
  if (model.outage) return;
  // An attempt that failed for good may be followed by one that succeeds; one that is under way or through by none.
  if (payout.fate !== "none" && payout.fate !== "failed") return;
  if (how === "notSent") payout.state = "queued";
  if (how === "pending") payout.fate = "heldPending";
  if (how === "arrivesLate") payout.fate = "heldUnseen";
  if (how === "fails") payout.fate = "failed";
  if (how === "pays" || how === "timesOutAfter" || how === "diesAfter") {
    payout.fate = "paid";
    payout.feeMsat = feeMsat;
  }
  if (how === "pays") paidOut(model, job, payout);
  if (how === "fails") failed(job, payout);
}

function paidOut(model: Model, job: ModelJob, payout: ModelPayout): void {
  payout.state = "paid";
  job.inFlight -= payout.amount;
  job.paidOut += payout.amount;
  model.totals.paidOut += payout.amount;
  model.totals.feesMsat += payout.feeMsat;
}

function failed(job: ModelJob, payout: ModelPayout): void {
  payout.state = "failed";
  job.inFlight -= payout.amount;
  job.owed += payout.amount;
}
