/** USD for one bitcoin, as the source gave it at that moment. */
export type GoodPrice = { usd: number; asOf: Date };

/** Where the last good price outlives a restart, and where the processes of one installation share it. */
export type LastGoodPriceStore = {
  load(): Promise<GoodPrice | null>;
  save(price: GoodPrice): Promise<void>;
};
