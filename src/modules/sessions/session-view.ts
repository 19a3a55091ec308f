import type { Sats } from "~/core/money";
import { wireSats, ZERO_SATS } from "~/core/money";
import { invoiceOnWire } from "~/modules/invoices/invoice-wire-service";
import { payoutOnWire } from "~/modules/payouts/refund-wire-service";
import type { TrustTier } from "~/modules/trust/trust";
import { shownState } from "./session";
import type { RequestAnswer, SessionSummary } from "./session-schema";
import type { RequestRecord, SessionRecord } from "./session-view-store";

/** What a session looks like from outside (spec §8), without its history. */
export const summaryOf = (session: SessionRecord, cheapestSats: Sats, tier: TrustTier): SessionSummary => ({
  sessionId: session.id,
  state: shownState(session.state, session.balanceSats, cheapestSats),
  createdAt: session.createdAt.toISOString(),
  updatedAt: session.stateChangedAt.toISOString(),
  trust_tier: tier,
  balanceSats: wireSats(session.balanceSats),
  owedSats: wireSats(session.owedSats),
  pendingTopup: session.topup && invoiceOnWire(session.topup),
  ...(session.payout && { payout: payoutOnWire(session.payout) }),
});

/** What a request looks like from outside: only what applies in its state. */
export function requestAnswerOf(request: RequestRecord, balanceSats: Sats, tier: TrustTier): RequestAnswer {
  const { state, result, reason, errorMessage } = request;
  return {
    requestId: request.id,
    sessionId: request.sessionId,
    state,
    createdAt: request.createdAt.toISOString(),
    trust_tier: tier,
    ...(state === "complete" && { ...(result !== null && { result }), truncated: request.truncated }),
    ...(state === "rejected" && reason !== null && { reason }),
    ...(state === "failed" && errorMessage !== null && { errorMessage }),
    ...(request.request === null ? { textDeleted: true as const } : { request: request.request }),
    debitedSats: wireSats(request.debitedSats),
    balanceSats: wireSats(balanceSats),
    ...(state !== "running" && { costLedger: costsOf(request) }),
    ...(request.absorbedSats > ZERO_SATS && {
      free_tier: true as const,
      absorbed_sats: wireSats(request.absorbedSats),
    }),
  };
}

/** A failed request has used tokens of ours alone: none that anybody is charged for. */
function costsOf({ quote, actual, debitedSats }: RequestRecord): NonNullable<RequestAnswer["costLedger"]> {
  const { inputTokens, outputTokens, costUsd } = actual ?? { inputTokens: 0, outputTokens: 0, costUsd: 0 };
  return {
    actualInputTokens: inputTokens,
    actualOutputTokens: outputTokens,
    totalTokens: inputTokens + outputTokens,
    actualCostUsd: costUsd,
    infraUsd: quote.infraUsd,
    marginPct: quote.marginPct,
    btcPriceUsd: quote.btcPriceUsd,
    quoteSats: Number(quote.quoteSats),
    actualAmountSats: wireSats(debitedSats),
  };
}
