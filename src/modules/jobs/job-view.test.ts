import { describe, expect, test } from "vitest";
import { sats } from "~/core/money";
import { JOB_STATES, type JobState } from "./job";
import type { JobActual } from "./job-records";
import { JobView } from "./job-schema";
import { viewOf } from "./job-view";
import type { InvoiceRow, JobRecord } from "./job-view-store";

const CREATED = new Date("2026-11-22T12:00:00.000Z");
const CHANGED = new Date("2026-11-22T12:01:00.000Z");
const invoice = (amountSats: bigint): InvoiceRow => ({
  paymentHash: "ab".repeat(32),
  paymentRequest: "lnbcrt1…",
  amountSats: sats(amountSats),
  expiresAt: CHANGED,
  state: "open",
  lookedUpAt: null,
});
const TERMS = {
  rates: { judge: { inputUsdPerMtok: 1, outputUsdPerMtok: 1 }, work: { inputUsdPerMtok: 2, outputUsdPerMtok: 10 } },
  infraUsd: 0.012,
  marginPct: 25,
  btcPriceUsd: 100_000,
};
/** A job that has everything a row can have, whatever its state. */
const full = (change: Partial<JobRecord> = {}): JobRecord => ({
  id: "6f1f0f5e-0000-4000-8000-000000000001",
  state: "complete",
  createdAt: CREATED,
  stateChangedAt: CHANGED,
  eventSeq: 7,
  score: null,
  request: "a haiku",
  quote: {
    estimatedInputTokens: 100,
    estimatedOutputTokens: 2048,
    maxTokens: 2048,
    estimatedCostUsd: 0.02,
    infraUsd: 0.012,
    marginPct: 25,
    btcPriceUsd: 100_000,
    quoteSats: "40",
    terms: TERMS,
  },
  actual: {
    ...{ inputTokens: 50, outputTokens: 70, costUsd: 0.001, amountSats: "15", workAmountSats: "40" },
    ...{ absorbedSats: "0", shortfallSats: "0" },
  },
  result: "An answer.",
  truncated: true,
  reason: "a reason",
  errorMessage: "an error",
  owedSats: sats(25n),
  eval: invoice(10n),
  work: invoice(40n),
  payout: null,
  ...change,
});
const actual = (amountSats: string, workAmountSats: string, absorbedSats = "0"): JobActual => ({
  ...{ inputTokens: 1, outputTokens: 2, costUsd: 0, amountSats, workAmountSats, absorbedSats },
  shortfallSats: "3",
});
/** Whose tier it is, is told by the score alone here. */
const seen = (job: JobRecord) => viewOf(job, (score) => (score === null ? "anonymous" : "trusted"));
const inState = (state: JobState) => seen(full({ state }));

describe("a job is shown with what its state has to say, and nothing else", () => {
  test.each(JOB_STATES.map((state) => [state]))("%s", (state) => {
    const view = inState(state);
    expect(JobView.parse(view)).toEqual(view);
    expect(view).toMatchObject({
      state,
      createdAt: "2026-11-22T12:00:00.000Z",
      updatedAt: "2026-11-22T12:01:00.000Z",
      owedSats: 25,
    });
    const shown = (field: keyof JobView) => field in view;
    expect(shown("pricingBreakdown")).toBe(state === "awaiting_work_payment");
    for (const field of ["result", "truncated", "costLedger"] as const) expect(shown(field)).toBe(state === "complete");
    expect(shown("reason")).toBe(state === "rejected");
    expect(shown("errorMessage")).toBe(state === "failed");
  });

  test("the breakdown is the quote, and what the visitor pays of it", () => {
    expect(inState("awaiting_work_payment").pricingBreakdown).toEqual({
      estimatedInputTokens: 100,
      estimatedOutputTokens: 2048,
      estimatedCostUsd: 0.02,
      infraUsd: 0.012,
      marginPct: 25,
      btcPriceUsd: 100_000,
      quoteSats: 40,
      absorbedSats: 0,
      amountSats: 40,
    });
  });

  test("texts that were deleted are missing, and it says so", () => {
    const view = seen(full({ request: null, result: null }));
    expect(view).toMatchObject({ textDeleted: true, costLedger: { actualAmountSats: 15 } });
    expect(view).not.toHaveProperty("request");
    expect(view).not.toHaveProperty("result");
    expect(seen(full())).not.toHaveProperty("textDeleted");
  });

  test("a row that contradicts itself is no view", () => {
    expect(() => seen(full({ actual: null }))).toThrow("without its costs");
    expect(() => seen(full({ state: "awaiting_work_payment", work: null }))).toThrow("not quoted");
  });
});

describe("the cost ledger", () => {
  const ledger = (amountSats: string, owedSats: bigint) =>
    seen(full({ owedSats: sats(owedSats), actual: actual(amountSats, "40") })).costLedger;

  test.each([
    ["15", 25n, 25, "pending"],
    ["15", 0n, 25, "paid"],
    ["40", 0n, 0, "not_applicable"],
    ["40", 10n, 0, "not_applicable"],
    ["0", 40n, 40, "pending"],
  ] as const)("of a price of %s of 40 with %s owed: change of %s, %s", (amount, owed, change, refundState) => {
    expect(ledger(amount, owed)).toMatchObject({
      actualAmountSats: Number(amount),
      workAmountSats: 40,
      refundAmountSats: change,
      refundState,
      totalTokens: 3,
    });
  });
});

test.each([
  ["queued", "pending"],
  ["sending", "pending"],
  ["paid", "paid"],
  ["failed", "failed"],
] as const)("a payout that is %s is shown as %s", (state, shown) => {
  const view = seen(full({ payout: { state, method: "lnurl", amountSats: sats(25n) } }));
  expect(view.payout).toEqual({ state: shown, method: "lnurl", amountSats: 25 });
});

describe("what the pool paid", () => {
  const free = full({ work: null, owedSats: sats(0n), actual: actual("0", "0", "25") });

  test("is shown of work that is done, and what the visitor paid beside it", () => {
    const view = seen(free);
    expect(JobView.parse(view)).toEqual(view);
    expect(view).toMatchObject({ free_tier: true, absorbed_sats: 25 });
    expect(view.costLedger).toMatchObject({
      ...{ workAmountSats: 0, actualAmountSats: 0, refundAmountSats: 0, refundState: "not_applicable" },
    });
    const part = seen(full({ actual: actual("5", "30", "10") }));
    expect(part).toMatchObject({ absorbed_sats: 10, costLedger: { actualAmountSats: 5, refundAmountSats: 25 } });
    expect(JSON.stringify(part)).not.toContain("shortfall");
  });

  test("is not shown where it paid nothing, or nothing yet", () => {
    expect(seen(full())).not.toHaveProperty("free_tier");
    for (const state of JOB_STATES.filter((other) => other !== "complete")) {
      const view = seen({ ...full({ actual: actual("5", "30", "10") }), state });
      expect(view).not.toHaveProperty("free_tier");
      expect(view).not.toHaveProperty("absorbed_sats");
    }
  });

  test("is the difference of quote and invoice while the visitor's part is awaited", () => {
    const { pricingBreakdown } = seen(full({ state: "awaiting_work_payment", work: invoice(28n) }));
    expect(pricingBreakdown).toMatchObject({ quoteSats: 40, absorbedSats: 12, amountSats: 28 });
  });
});

test("the tier is that of the moment, by the score that stands beside the job", () => {
  expect(seen(full()).trust_tier).toBe("anonymous");
  expect(seen(full({ score: { score: 60, lastSeenAt: CREATED } })).trust_tier).toBe("trusted");
});
