import fc from "fast-check";
import { expect, test } from "vitest";
import { add, divide, exact, multiply, priceInSats, usdRoundedUp } from "./exact-usd";

test("a decimal is the decimal that was written, not the binary fraction beside it", () => {
  expect(usdRoundedUp(add(exact(0.1), exact(0.2)))).toBe(0.3);
  expect(usdRoundedUp(multiply(exact(1.1), exact(1.1)))).toBe(1.21);
  expect(usdRoundedUp(exact(1e-7))).toBe(0.0000001);
  expect(usdRoundedUp(exact(1e21))).toBe(1e21);
  expect(usdRoundedUp(exact(0))).toBe(0);
});

test("USD round up at the twelfth decimal and not before", () => {
  expect(usdRoundedUp(divide(exact(1), exact(3)))).toBe(0.333333333334);
  expect(usdRoundedUp(exact(1e-12))).toBe(1e-12);
  expect(usdRoundedUp(exact(1e-15))).toBe(1e-12);
});

test.each([
  { usd: 1, btcPriceUsd: 100_000, price: 1000n },
  // In floating point 0.07 / 70000 * 1e8 is 100.00000000000001, which a ceiling would make 101.
  { usd: 0.07, btcPriceUsd: 70_000, price: 100n },
  { usd: 1.000001, btcPriceUsd: 100_000, price: 1001n },
  { usd: 0, btcPriceUsd: 100_000, price: 1n },
  { usd: 0.0000001, btcPriceUsd: 10_000_000, price: 1n },
])("$usd USD at $btcPriceUsd are $price sats", ({ usd, btcPriceUsd, price }) => {
  expect(priceInSats(exact(usd), btcPriceUsd)).toBe(price);
});

test("a whole number of sats, written in USD, comes back as that number", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 10_000_000 }),
      fc.integer({ min: 1000, max: 10_000_000 }),
      (amount, price) => {
        const usd = divide(multiply(exact(amount), exact(price)), exact(100_000_000));
        expect(priceInSats(usd, price)).toBe(BigInt(amount));
      },
    ),
  );
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, -1])("%s is no price", (notAPrice) => {
  expect(() => exact(notAPrice)).toThrow(/not a price/);
});

test("a BTC price of zero throws instead of pricing at infinity", () => {
  expect(() => priceInSats(exact(1), 0)).toThrow(/division by zero/);
});
