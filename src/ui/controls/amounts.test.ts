import { expect, test } from "vitest";
import { fiatText, satsText, usdText } from "./amounts";

test.each([
  [0, "0 sats"],
  [1, "1 sat"],
  [12_345, "12,345 sats"],
])("%i: %s", (amount, text) => {
  expect(satsText(amount)).toBe(text);
});

test.each([
  [1, "≈ 0.1 ¢"],
  [10, "≈ 1.0 ¢"],
  [450, "≈ 45 ¢"],
  [2_500, "≈ $2.50"],
])("%i sats at 100,000 USD: %s", (amount, text) => {
  expect(fiatText(amount, 100_000)).toBe(text);
});

test("a tiny amount is not shown as nothing", () => {
  expect(fiatText(1, 1_000)).toBe("< 0.1 ¢");
});

test.each([
  [0, "$0"],
  [0.0027, "$0.00270"],
  [0.012, "$0.0120"],
  [1.5, "$1.50"],
])("%d USD: %s", (usd, text) => {
  expect(usdText(usd)).toBe(text);
});
