import { expect, test } from "vitest";
import { refundTokens } from "./refund-token-service";

const JOB = "6f1f0f5e-0000-4000-8000-000000000001";
const OTHER = "6f1f0f5e-0000-4000-8000-000000000002";
const tokens = refundTokens("a secret");

test("a token is derived: the same for the same order and secret, another for any other", () => {
  expect(refundTokens("a secret").of(JOB)).toBe(tokens.of(JOB));
  expect(tokens.of(OTHER)).not.toBe(tokens.of(JOB));
  expect(refundTokens("another secret").of(JOB)).not.toBe(tokens.of(JOB));
});

test.each([
  ["nothing", undefined, "refundTokenMissing"],
  ["an empty one", "", "refundTokenMissing"],
  ["another order's", tokens.of(OTHER), "refundTokenWrong"],
  ["one that begins right", tokens.of(JOB).slice(0, -1), "refundTokenWrong"],
  ["one that goes on", `${tokens.of(JOB)}A`, "refundTokenWrong"],
  ["the order's id", JOB, "refundTokenWrong"],
  ["as many bytes of something else", "é".repeat(21).slice(0, 21), "refundTokenWrong"],
])("%s is refused", (_, given, code) => {
  expect(tokens.check(JOB, given)).toEqual({ ok: false, error: { code } });
});

test("the right one is accepted", () => {
  expect(tokens.check(JOB, tokens.of(JOB))).toEqual({ ok: true, value: null });
});
