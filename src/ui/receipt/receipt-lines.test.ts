import { expect, test } from "vitest";
import type { JobView } from "~/modules/jobs/job-schema";
import { receiptLines, receiptText } from "./receipt-lines";

const JOB: JobView = {
  jobId: "3f0f6a4e-58a5-4c58-9d2e-0a4f1c9f7b11",
  state: "complete",
  createdAt: "2026-11-22T12:00:00.000Z",
  updatedAt: "2026-11-22T12:01:00.000Z",
  trust_tier: "anonymous",
  request: "A haiku",
  result: "🧙 three",
  truncated: false,
  owedSats: 27,
  costLedger: {
    actualInputTokens: 470,
    actualOutputTokens: 176,
    totalTokens: 646,
    actualCostUsd: 0.0027,
    infraUsd: 0.012,
    marginPct: 25,
    btcPriceUsd: 100_000,
    actualAmountSats: 19,
    workAmountSats: 46,
    refundAmountSats: 27,
    refundState: "pending",
  },
};
const lineOf = (job: JobView, name: string) => receiptLines(job).find((line) => line.name === name)?.value;

test("the slip says what was paid, charged and comes back", () => {
  expect(lineOf(JOB, "Paid for the work")).toBe("46 sats");
  expect(lineOf(JOB, "Charged for the work")).toBe("19 sats");
  expect(lineOf(JOB, "Your change")).toBe("27 sats, to be claimed");
  expect(lineOf(JOB, "Answer")).toBe("7 characters");
});

test("who paid what: the pool has a line where it paid a part, and none where it did not", () => {
  expect(lineOf({ ...JOB, free_tier: true, absorbed_sats: 5 }, "Paid by the generosity pool")).toBe("5 sats");
  expect(lineOf(JOB, "Paid by the generosity pool")).toBeUndefined();
});

test("the change is followed on its way", () => {
  const onItsWay = { ...JOB, payout: { state: "pending", method: "invoice", amountSats: 27 } } as const;
  expect(lineOf(onItsWay, "Your change")).toBe("27 sats, on its way");
  const paid = { ...JOB, costLedger: { ...(JOB.costLedger as object), refundState: "paid" } } as JobView;
  expect(lineOf(paid, "Your change")).toBe("27 sats, paid out");
});

test("the text has every line of the slip, and the job's number", () => {
  const text = receiptText(JOB);
  for (const { name, value } of receiptLines(JOB)) {
    expect(
      text.split("\n").some((line) => line.startsWith(name) && line.endsWith(value)),
      name,
    ).toBe(true);
  }
  expect(text).toContain("Request: A haiku");
  expect(text).toContain(JOB.jobId);
});

test("before a job is done there is no receipt", () => {
  const { costLedger: _, ...open } = JOB;
  expect(receiptLines({ ...open, state: "executing" })).toEqual([]);
});
