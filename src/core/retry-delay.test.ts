import { expect, test } from "vitest";
import { retryDelayMs } from "./retry-delay";

const LIMITS = { firstMs: 100, maxMs: 5000 };

test("doubles from the first delay and stops at the longest", () => {
  const delays = [1, 2, 3, 6, 7, 1_000_000].map((failures) => retryDelayMs(failures, LIMITS, 1));
  expect(delays).toEqual([100, 200, 400, 3200, 5000, 5000]);
});

test("chance takes away at most half", () => {
  expect(retryDelayMs(3, LIMITS, 0)).toBe(200);
  expect(retryDelayMs(3, LIMITS, 0.5)).toBe(300);
});
