import type { PriceOracle } from "~/ports/price-oracle";
import {
  type AgentLimits,
  infraUsdPerRequest,
  type Piece,
  type PriceTerms,
  type Quote,
  quote,
  type TokenRates,
} from "./pricing";

export type PricingSettings = {
  rates: Record<Piece, TokenRates>;
  infraMonthlyUsd: number;
  infraMonthlyRequests: number;
  marginPct: number;
};

export type Pricing = {
  /** The terms of this moment, the BTC price among them. */
  terms(): Promise<PriceTerms>;
  /** The price of a request at the terms of this moment. Never fails, since the oracle never does. */
  quote(request: string, pieces: readonly Piece[]): Promise<Quote>;
};

/** Quotes at the price of bitcoin of this moment; `settings` are in USD and percent. */
export function createPricing(deps: { oracle: PriceOracle; agent: AgentLimits; settings: PricingSettings }): Pricing {
  const { oracle, agent, settings } = deps;
  const infraUsd = infraUsdPerRequest(settings.infraMonthlyUsd, settings.infraMonthlyRequests);

  async function terms(): Promise<PriceTerms> {
    const { usd: btcPriceUsd } = await oracle.btcUsd();
    return { rates: settings.rates, infraUsd, marginPct: settings.marginPct, btcPriceUsd };
  }
  return { terms, quote: async (request, pieces) => quote(request, pieces, agent, await terms()) };
}
