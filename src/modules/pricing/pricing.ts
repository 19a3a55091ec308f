import { assert } from "~/core/assert";
import { minSats, type Sats } from "~/core/money";
import { add, divide, type Exact, exact, multiply, priceInSats, usdRoundedUp, ZERO } from "./exact-usd";

/** USD for a million tokens. */
export type TokenRates = { inputUsdPerMtok: number; outputUsdPerMtok: number };
/** What a price is made of: a job's quote is `work` alone (the eval fee pays its judge), a session's is both. */
export type Piece = "judge" | "work";
export type Tokens = { inputTokens: number; outputTokens: number };

/** All that decides a price besides tokens. Locked into the order when it is quoted, so that settling reads no setting. */
export type PriceTerms = {
  rates: Record<Piece, TokenRates>;
  /** USD for one request, margin not yet included. */
  infraUsd: number;
  marginPct: number;
  btcPriceUsd: number;
};

/** What an agent adds to a request, and the most that its judge answers. Every `Agent` has this shape. */
export type AgentLimits = { promptBytes: Record<Piece, number>; judgeMaxTokens: number };

export type Quote = {
  estimatedInputTokens: number;
  estimatedOutputTokens: number;
  /** `max_tokens` of the work call, thinking included. */
  maxTokens: number;
  /** The tokens alone: no infra, no margin. */
  estimatedCostUsd: number;
  infraUsd: number;
  marginPct: number;
  btcPriceUsd: number;
  quoteSats: Sats;
  terms: PriceTerms;
};

export type ActualPrice = { actualCostUsd: number; actualAmountSats: Sats };

/** Output tokens by the length of the request, in code points (spec §4). */
const OUTPUT_TIERS = [
  { upToCharacters: 120, maxTokens: 2048 },
  { upToCharacters: 300, maxTokens: 4096 },
  { upToCharacters: 500, maxTokens: 8192 },
] as const;

/** Up to where a request is priced alike, in code points. */
export const REQUEST_LENGTHS: readonly number[] = OUTPUT_TIERS.map(({ upToCharacters }) => upToCharacters);

/** The one way from a request to its price: the ceiling of what the `pieces` together can cost. */
export function quote(request: string, pieces: readonly Piece[], agent: AgentLimits, terms: PriceTerms): Quote {
  const ceilings = pieces.map((piece) => [piece, tokenCeiling(request, piece, agent)] as const);
  const costUsd = tokenCostUsd(Object.fromEntries(ceilings), terms);
  return {
    estimatedInputTokens: ceilings.reduce((sum, [, tokens]) => sum + tokens.inputTokens, 0),
    estimatedOutputTokens: ceilings.reduce((sum, [, tokens]) => sum + tokens.outputTokens, 0),
    maxTokens: workMaxTokens(request),
    estimatedCostUsd: usdRoundedUp(costUsd),
    infraUsd: terms.infraUsd,
    marginPct: terms.marginPct,
    btcPriceUsd: terms.btcPriceUsd,
    quoteSats: priceSats(costUsd, terms),
    terms,
  };
}

/** What the usage really cost, never above the quote, at the terms that the quote was made with. */
export function actualPrice(
  usage: Partial<Record<Piece, Tokens>>,
  quoted: Pick<Quote, "quoteSats" | "terms">,
): ActualPrice {
  const costUsd = tokenCostUsd(usage, quoted.terms);
  return {
    actualCostUsd: usdRoundedUp(costUsd),
    actualAmountSats: minSats(quoted.quoteSats, priceSats(costUsd, quoted.terms)),
  };
}

/** The tokens of a judgement with margin but without infra: the most that a rejected session request pays. */
export function judgePriceSats(usage: Tokens, terms: PriceTerms): Sats {
  return priceSats(tokenCostUsd({ judge: usage }, terms), { ...terms, infraUsd: 0 });
}

/** What judging the costliest request costs us, in sats, without infra and margin: an eval fee below it can lose money. */
export function worstJudgeCostSats(agent: AgentLimits, terms: PriceTerms): Sats {
  const costUsd = tokenCostUsd({ judge: tokenCeiling(COSTLIEST_REQUEST, "judge", agent) }, terms);
  return priceInSats(costUsd, terms.btcPriceUsd);
}

/** What one call to a model costs us in USD: its tokens alone. */
export const callCostUsd = ({ inputTokens, outputTokens }: Tokens, rates: TokenRates): number =>
  usdRoundedUp(add(perMillion(inputTokens, rates.inputUsdPerMtok), perMillion(outputTokens, rates.outputUsdPerMtok)));

/** The infra share of one request in USD, rounded up at the twelfth decimal. `monthlyRequests` above zero. */
export const infraUsdPerRequest = (monthlyUsd: number, monthlyRequests: number): number =>
  usdRoundedUp(divide(exact(monthlyUsd), exact(monthlyRequests)));

/** No code point takes more than four bytes of UTF-8. */
const COSTLIEST_REQUEST = "\u{10ffff}".repeat(500);

/** No token is shorter than a byte, so bytes are a true ceiling of input tokens. */
function tokenCeiling(request: string, piece: Piece, agent: AgentLimits): Tokens {
  return {
    inputTokens: new TextEncoder().encode(request).length + agent.promptBytes[piece],
    outputTokens: piece === "judge" ? agent.judgeMaxTokens : workMaxTokens(request),
  };
}

function workMaxTokens(request: string): number {
  const characters = [...request].length;
  const tier = OUTPUT_TIERS.find(({ upToCharacters }) => characters <= upToCharacters);
  assert(tier, `a request of ${characters} characters has no price`);
  return tier.maxTokens;
}

function tokenCostUsd(tokens: Partial<Record<Piece, Tokens>>, terms: PriceTerms): Exact {
  return (["judge", "work"] as const).reduce((sum, piece) => {
    const { inputTokens = 0, outputTokens = 0 } = tokens[piece] ?? {};
    const { inputUsdPerMtok, outputUsdPerMtok } = terms.rates[piece];
    return add(add(sum, perMillion(inputTokens, inputUsdPerMtok)), perMillion(outputTokens, outputUsdPerMtok));
  }, ZERO);
}

const perMillion = (tokens: number, usdPerMtok: number): Exact =>
  divide(multiply(exact(tokens), exact(usdPerMtok)), exact(1_000_000));

/** Infra and margin are applied here and nowhere else, once. */
function priceSats(costUsd: Exact, terms: Pick<PriceTerms, "infraUsd" | "marginPct" | "btcPriceUsd">): Sats {
  const withInfra = add(costUsd, exact(terms.infraUsd));
  const withMargin = divide(multiply(withInfra, add(exact(100), exact(terms.marginPct))), exact(100));
  return priceInSats(withMargin, terms.btcPriceUsd);
}
