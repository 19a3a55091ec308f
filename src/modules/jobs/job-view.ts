import { type Sats, sats, subtractSats, wireSats, ZERO_SATS } from "~/core/money";
import { invoiceOnWire } from "~/modules/invoices/invoice-wire-service";
import { payoutOnWire } from "~/modules/payouts/refund-wire-service";
import type { Score, TrustTier } from "~/modules/trust/trust";
import type { JobView } from "./job-schema";
import type { JobRecord } from "./job-view-store";

type Breakdown = NonNullable<JobView["pricingBreakdown"]>;
type Costs = NonNullable<JobView["costLedger"]>;

/** What a job looks like from outside (spec §3): only what applies in its state. `tierNow` of nobody is `anonymous`. */
export function viewOf(job: JobRecord, tierNow: (score: Score | null) => TrustTier): JobView {
  return {
    jobId: job.id,
    state: job.state,
    createdAt: job.createdAt.toISOString(),
    updatedAt: job.stateChangedAt.toISOString(),
    trust_tier: tierNow(job.score),
    ...(job.request === null ? { textDeleted: true } : { request: job.request }),
    owedSats: wireSats(job.owedSats),
    ...(job.eval && { evalInvoice: invoiceOnWire(job.eval) }),
    ...(job.work && { workInvoice: invoiceOnWire(job.work) }),
    ...(job.state === "awaiting_work_payment" && { pricingBreakdown: breakdownOf(job) }),
    ...(job.state === "complete" && {
      ...(job.result !== null && { result: job.result }),
      truncated: job.truncated,
      costLedger: costsOf(job),
      ...absorbedOf(job),
    }),
    ...(job.state === "rejected" && job.reason !== null && { reason: job.reason }),
    ...(job.state === "failed" && job.errorMessage !== null && { errorMessage: job.errorMessage }),
    ...(job.payout && { payout: payoutOnWire(job.payout) }),
  };
}

function breakdownOf({ id, quote, work }: JobRecord): Breakdown {
  if (!quote || !work) throw new Error(`job ${id} waits for payment of work that was not quoted`);
  const quoteSats = sats(BigInt(quote.quoteSats));
  return {
    estimatedInputTokens: quote.estimatedInputTokens,
    estimatedOutputTokens: quote.estimatedOutputTokens,
    estimatedCostUsd: quote.estimatedCostUsd,
    infraUsd: quote.infraUsd,
    marginPct: quote.marginPct,
    btcPriceUsd: quote.btcPriceUsd,
    quoteSats: wireSats(quoteSats),
    absorbedSats: wireSats(subtractSats(quoteSats, work.amountSats)),
    amountSats: wireSats(work.amountSats),
  };
}

function costsOf({ id, actual, quote, owedSats }: JobRecord): Costs {
  if (!actual || !quote) throw new Error(`job ${id} is complete without its costs`);
  const amountSats = sats(BigInt(actual.amountSats));
  const workAmountSats = sats(BigInt(actual.workAmountSats));
  const refundAmountSats = subtractSats(workAmountSats, amountSats);
  return {
    actualInputTokens: actual.inputTokens,
    actualOutputTokens: actual.outputTokens,
    totalTokens: actual.inputTokens + actual.outputTokens,
    actualCostUsd: actual.costUsd,
    infraUsd: quote.infraUsd,
    marginPct: quote.marginPct,
    btcPriceUsd: quote.btcPriceUsd,
    actualAmountSats: wireSats(amountSats),
    workAmountSats: wireSats(workAmountSats),
    refundAmountSats: wireSats(refundAmountSats),
    refundState: refundState(refundAmountSats, owedSats),
  };
}

/** Shown where the pool paid. */
function absorbedOf({ actual }: JobRecord): Pick<JobView, "free_tier" | "absorbed_sats"> {
  const absorbedSats = sats(BigInt(actual?.absorbedSats ?? "0"));
  return absorbedSats > ZERO_SATS ? { free_tier: true, absorbed_sats: wireSats(absorbedSats) } : {};
}

function refundState(refundAmountSats: Sats, owedSats: Sats): Costs["refundState"] {
  if (refundAmountSats === ZERO_SATS) return "not_applicable";
  return owedSats === ZERO_SATS ? "paid" : "pending";
}
