import { minSats, type Sats, subtractSats, ZERO_SATS } from "~/core/money";

/** How a request is served: by the pool alone, by pool and visitor together, or at full price. */
export type Serve = "free" | "partial" | "gate";

/** `absorbSats` is the pool's part of the quote, `chargeSats` the visitor's. Together they are the quote. */
export type Decision = { serve: Serve; absorbSats: Sats; chargeSats: Sats };

/** What a quote comes to when the pool covers so much of it: nothing, a part, or all. */
export function decisionOf(quoteSats: Sats, coveredSats: Sats): Decision {
  const serve = coveredSats === ZERO_SATS ? "gate" : coveredSats === quoteSats ? "free" : "partial";
  return { serve, absorbSats: coveredSats, chargeSats: subtractSats(quoteSats, coveredSats) };
}

/** Who bears the price of finished work. Together the three are the price. */
export type Bill = { absorbedSats: Sats; chargedSats: Sats; shortfallSats: Sats };

/** First what the pool has set aside, then at most what the visitor paid; what that leaves is ours to bear. */
export function billOf(priceSats: Sats, from: { reservedSats: Sats; paidSats: Sats }): Bill {
  const absorbedSats = minSats(priceSats, from.reservedSats);
  const uncovered = subtractSats(priceSats, absorbedSats);
  const chargedSats = minSats(uncovered, from.paidSats);
  return { absorbedSats, chargedSats, shortfallSats: subtractSats(uncovered, chargedSats) };
}
