/** USD for one bitcoin, and where the figure came from. */
export type BtcPrice = { usd: number; source: "live" | "lastGood" | "fallback"; asOf: Date };

/** Never fails: §4 of the spec names the order in which it falls back. */
export type PriceOracle = { btcUsd(): Promise<BtcPrice> };
