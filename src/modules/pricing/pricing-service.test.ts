import { expect, test } from "vitest";
import { createPricing } from "./pricing-service";

const settings = {
  rates: {
    judge: { inputUsdPerMtok: 0.1, outputUsdPerMtok: 0.5 },
    work: { inputUsdPerMtok: 2, outputUsdPerMtok: 10 },
  },
  infraMonthlyUsd: 12,
  infraMonthlyRequests: 1000,
  marginPct: 25,
};
const agent = { promptBytes: { judge: 2000, work: 1000 }, judgeMaxTokens: 256 };

test("a quote locks in the BTC price of its moment", async () => {
  const prices = [100_000, 50_000];
  const oracle = {
    btcUsd: async () => ({ usd: prices.shift() ?? 0, source: "live" as const, asOf: new Date(0) }),
  };
  const pricing = createPricing({ oracle, agent, settings });
  const first = await pricing.quote("haiku", ["work"]);
  const second = await pricing.quote("haiku", ["work"]);
  expect(first).toMatchObject({ btcPriceUsd: 100_000, infraUsd: 0.012, quoteSats: 44n });
  expect(second).toMatchObject({ btcPriceUsd: 50_000, infraUsd: 0.012, quoteSats: 87n });
  expect(first.terms.btcPriceUsd).toBe(100_000);
});
