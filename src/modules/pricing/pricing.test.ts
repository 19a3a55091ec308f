import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type AgentLimits,
  actualPrice,
  infraUsdPerRequest,
  judgePriceSats,
  type Piece,
  type PriceTerms,
  quote,
  worstJudgeCostSats,
} from "./pricing";
import { priceTermsSchema } from "./pricing-schema";

const AGENT: AgentLimits = { promptBytes: { judge: 2000, work: 1000 }, judgeMaxTokens: 256 };
const TERMS: PriceTerms = {
  rates: {
    judge: { inputUsdPerMtok: 0.1, outputUsdPerMtok: 0.5 },
    work: { inputUsdPerMtok: 2, outputUsdPerMtok: 10 },
  },
  infraUsd: 0.012,
  marginPct: 25,
  btcPriceUsd: 100_000,
};
const JOB: readonly Piece[] = ["work"];
const SESSION: readonly Piece[] = ["judge", "work"];

/** Settings are generated in millionths, so that the model below can count in whole numbers. */
const millionths = (max: number) => fc.integer({ min: 0, max: max * 1_000_000 });
const rates = fc.record({ inputUsdPerMtok: millionths(100), outputUsdPerMtok: millionths(500) });
const settings = fc.record({
  rates: fc.record({ judge: rates, work: rates }),
  infraUsd: millionths(5),
  marginPct: millionths(1000),
  btcPriceUsd: fc.integer({ min: 1000 * 1_000_000, max: 10_000_000 * 1_000_000 }),
});
type Settings = typeof settings extends fc.Arbitrary<infer T> ? T : never;
const request = fc.string({ unit: "binary", minLength: 1, maxLength: 500 });
const pieces = fc.constantFrom(JOB, SESSION);
const share = fc.double({ min: 0, max: 1, noNaN: true });

const fromMillionths = (n: number) => Number(`${n}e-6`);
const termsOf = (s: Settings): PriceTerms => ({
  rates: {
    judge: {
      inputUsdPerMtok: fromMillionths(s.rates.judge.inputUsdPerMtok),
      outputUsdPerMtok: fromMillionths(s.rates.judge.outputUsdPerMtok),
    },
    work: {
      inputUsdPerMtok: fromMillionths(s.rates.work.inputUsdPerMtok),
      outputUsdPerMtok: fromMillionths(s.rates.work.outputUsdPerMtok),
    },
  },
  infraUsd: fromMillionths(s.infraUsd),
  marginPct: fromMillionths(s.marginPct),
  btcPriceUsd: fromMillionths(s.btcPriceUsd),
});

describe("a quote", () => {
  test("by hand: 5 bytes of request, work alone", () => {
    // input 1005 × 2e-6 + output 2048 × 1e-5 = 0.02249 USD; (0.02249 + 0.012) × 1.25 = 0.0431125 USD = 43.1125 sats
    expect(quote("haiku", JOB, AGENT, TERMS)).toEqual({
      estimatedInputTokens: 1005,
      estimatedOutputTokens: 2048,
      maxTokens: 2048,
      estimatedCostUsd: 0.02249,
      infraUsd: 0.012,
      marginPct: 25,
      btcPriceUsd: 100_000,
      quoteSats: 44n,
      terms: TERMS,
    });
  });

  test("of a session counts the judge's tokens too, and infra and margin only once", () => {
    // + judge: 2005 × 1e-7 + 256 × 5e-7 = 0.0003285 USD; (0.0228185 + 0.012) × 1.25 = 43.523125 sats
    expect(quote("haiku", SESSION, AGENT, TERMS)).toMatchObject({
      estimatedInputTokens: 1005 + 2005,
      estimatedOutputTokens: 2048 + 256,
      maxTokens: 2048,
      estimatedCostUsd: 0.0228185,
      quoteSats: 44n,
    });
  });

  test.each([
    [1, 2048],
    [120, 2048],
    [121, 4096],
    [300, 4096],
    [301, 8192],
    [500, 8192],
  ])("of %i characters allows %i tokens, counted in code points", (characters, maxTokens) => {
    expect(quote("🧙".repeat(characters), JOB, AGENT, TERMS)).toMatchObject({
      maxTokens,
      estimatedOutputTokens: maxTokens,
      estimatedInputTokens: characters * 4 + 1000,
    });
  });

  test("of more than 500 characters there is none", () => {
    expect(() => quote("x".repeat(501), JOB, AGENT, TERMS)).toThrow(/has no price/);
  });

  test("is the ceiling of the same sum in whole numbers", () => {
    fc.assert(
      fc.property(request, pieces, settings, (text, which, s) => {
        const made = quote(text, which, AGENT, termsOf(s));
        const bytes = Buffer.byteLength(text);
        const judged = which.includes("judge");
        // In units of 1e-12 USD.
        const tokens =
          BigInt(bytes + 1000) * BigInt(s.rates.work.inputUsdPerMtok) +
          BigInt(made.maxTokens) * BigInt(s.rates.work.outputUsdPerMtok) +
          (judged ? BigInt(bytes + 2000) * BigInt(s.rates.judge.inputUsdPerMtok) : 0n) +
          (judged ? 256n * BigInt(s.rates.judge.outputUsdPerMtok) : 0n);
        const usd = tokens + BigInt(s.infraUsd) * 10n ** 6n;
        // (100 + margin) / 100 with the margin in millionths has the denominator 1e8; × 1e8 sats cancels it.
        const numerator = usd * (10n ** 8n + BigInt(s.marginPct));
        const denominator = 10n ** 6n * BigInt(s.btcPriceUsd);
        const inSats = made.quoteSats;
        expect(inSats).toBeGreaterThanOrEqual(1n);
        expect(inSats * denominator).toBeGreaterThanOrEqual(numerator);
        if (inSats > 1n) expect((inSats - 1n) * denominator).toBeLessThan(numerator);
        expect(made.estimatedCostUsd).toBe(Number(`${tokens}e-12`));
      }),
    );
  });

  test("grows with the request, the rates, infra and margin, and falls with the price of bitcoin", () => {
    fc.assert(
      fc.property(request, pieces, settings, settings, (text, which, a, b) => {
        const most = (x: number, y: number) => Math.max(x, y);
        const dearer: Settings = {
          rates: {
            judge: {
              inputUsdPerMtok: most(a.rates.judge.inputUsdPerMtok, b.rates.judge.inputUsdPerMtok),
              outputUsdPerMtok: most(a.rates.judge.outputUsdPerMtok, b.rates.judge.outputUsdPerMtok),
            },
            work: {
              inputUsdPerMtok: most(a.rates.work.inputUsdPerMtok, b.rates.work.inputUsdPerMtok),
              outputUsdPerMtok: most(a.rates.work.outputUsdPerMtok, b.rates.work.outputUsdPerMtok),
            },
          },
          infraUsd: most(a.infraUsd, b.infraUsd),
          marginPct: most(a.marginPct, b.marginPct),
          btcPriceUsd: Math.min(a.btcPriceUsd, b.btcPriceUsd),
        };
        const price = (t: string, s: Settings) => quote(t, which, AGENT, termsOf(s)).quoteSats;
        expect(price(text, dearer)).toBeGreaterThanOrEqual(price(text, a));
        const shorter = [...text].slice(0, Math.ceil([...text].length / 2)).join("");
        expect(price(text, a)).toBeGreaterThanOrEqual(price(shorter, a));
      }),
    );
  });
});

describe("the actual price", () => {
  test("by hand", () => {
    // (500 × 2e-6 + 300 × 1e-5 + 0.012) × 1.25 = 0.02 USD = exactly 20 sats
    expect(actualPrice({ work: { inputTokens: 500, outputTokens: 300 } }, quote("haiku", JOB, AGENT, TERMS))).toEqual({
      actualCostUsd: 0.004,
      actualAmountSats: 20n,
    });
  });

  test("is never above the quote, and within the ceiling the cap is not even needed", () => {
    fc.assert(
      fc.property(request, pieces, settings, share, share, (text, which, s, inputShare, outputShare) => {
        const quoted = quote(text, which, AGENT, termsOf(s));
        const bytes = Buffer.byteLength(text);
        const work = {
          inputTokens: Math.floor((bytes + 1000) * inputShare),
          outputTokens: Math.floor(quoted.maxTokens * outputShare),
        };
        const judge = {
          inputTokens: Math.floor((bytes + 2000) * inputShare),
          outputTokens: Math.floor(256 * outputShare),
        };
        const usage = which.includes("judge") ? { judge, work } : { work };
        const uncapped = actualPrice(usage, {
          ...quoted,
          quoteSats: (quoted.quoteSats * 1000n) as typeof quoted.quoteSats,
        });
        expect(uncapped.actualAmountSats).toBeLessThanOrEqual(quoted.quoteSats);
        expect(uncapped.actualAmountSats).toBeGreaterThanOrEqual(1n);
        expect(uncapped.actualCostUsd).toBeLessThanOrEqual(quoted.estimatedCostUsd);
      }),
    );
  });

  test("stops at the quote when the server bills more than the ceiling", () => {
    const quoted = quote("haiku", JOB, AGENT, TERMS);
    const overrun = actualPrice({ work: { inputTokens: 1_000_000, outputTokens: 1_000_000 } }, quoted);
    expect(overrun.actualAmountSats).toBe(quoted.quoteSats);
    expect(overrun.actualCostUsd).toBe(12);
  });
});

test("judging alone is priced with margin and without infra", () => {
  // (100000 × 1e-7 + 40000 × 5e-7) × 1.25 = 0.0375 USD
  expect(judgePriceSats({ inputTokens: 100_000, outputTokens: 40_000 }, TERMS)).toBe(38n);
});

test("the worst case of judging is 500 characters of four bytes, answered in full", () => {
  // 4000 × 1e-7 + 256 × 5e-7 = 0.000528 USD
  expect(worstJudgeCostSats(AGENT, TERMS)).toBe(1n);
  expect(worstJudgeCostSats(AGENT, { ...TERMS, btcPriceUsd: 1000 })).toBe(53n);
});

test.each([
  [12, 1000, 0.012],
  [0.3, 3, 0.1],
  [10, 3, 3.333333333334],
  [0, 1000, 0],
])("infra of %d USD over %d requests is %d each", (monthlyUsd, monthlyRequests, each) => {
  expect(infraUsdPerRequest(monthlyUsd, monthlyRequests)).toBe(each);
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, -1])("a setting of %s throws; it never becomes a price", (broken) => {
  expect(() => quote("x", JOB, AGENT, { ...TERMS, infraUsd: broken })).toThrow();
  expect(() => quote("x", JOB, AGENT, { ...TERMS, marginPct: broken })).toThrow();
  expect(() => quote("x", JOB, AGENT, { ...TERMS, btcPriceUsd: broken })).toThrow();
});

test("an order gets its terms back from JSON and settles at the same price", () => {
  fc.assert(
    fc.property(request, settings, (text, s) => {
      const quoted = quote(text, SESSION, AGENT, termsOf(s));
      const kept = priceTermsSchema.parse(JSON.parse(JSON.stringify(quoted.terms)));
      expect(kept).toEqual(quoted.terms);
    }),
  );
});
