import { assert } from "~/core/assert";
import { type Sats, sats } from "~/core/money";

/** An exact amount of USD, or another exact factor: never rounded on the way, so that no price gains or loses a sat. */
export type Exact = { readonly numerator: bigint; readonly denominator: bigint };

const SATS_PER_BTC = 100_000_000n;
/** USD go out with 12 decimals: a token at a rate with six decimals is still exact. */
const USD_DECIMALS = 12;

export const ZERO: Exact = { numerator: 0n, denominator: 1n };

/**
 * The decimal that a person wrote: 0.1 is one tenth, not the binary fraction beside it.
 * Throws on a negative number and on one that is not finite.
 */
export function exact(decimal: number): Exact {
  assert(Number.isFinite(decimal) && decimal >= 0, `not a price: ${decimal}`);
  const [mantissa = "", exponent = "0"] = String(decimal).split("e");
  const [whole = "", decimals = ""] = mantissa.split(".");
  const shift = BigInt(exponent) - BigInt(decimals.length);
  const digits = BigInt(whole + decimals);
  return shift >= 0n
    ? { numerator: digits * 10n ** shift, denominator: 1n }
    : { numerator: digits, denominator: 10n ** -shift };
}

/** Exact: nothing is rounded. */
export const add = (a: Exact, b: Exact): Exact => ({
  numerator: a.numerator * b.denominator + b.numerator * a.denominator,
  denominator: a.denominator * b.denominator,
});

/** Exact: nothing is rounded. */
export const multiply = (a: Exact, b: Exact): Exact => ({
  numerator: a.numerator * b.numerator,
  denominator: a.denominator * b.denominator,
});

/** Throws on a division by zero. */
export function divide(a: Exact, b: Exact): Exact {
  assert(b.numerator > 0n, "division by zero");
  return { numerator: a.numerator * b.denominator, denominator: a.denominator * b.numerator };
}

/** USD as sats at a price of USD for one bitcoin. Prices round up, and nothing is sold for less than one sat. */
export function priceInSats(usd: Exact, btcPriceUsd: number): Sats {
  const { numerator, denominator } = divide(usd, exact(btcPriceUsd));
  const rounded = ceilDivide(numerator * SATS_PER_BTC, denominator);
  return sats(rounded < 1n ? 1n : rounded);
}

/** For the wire and for people: USD as a number, rounded up at the twelfth decimal. */
export function usdRoundedUp(usd: Exact): number {
  const digits = ceilDivide(usd.numerator * 10n ** BigInt(USD_DECIMALS), usd.denominator)
    .toString()
    .padStart(USD_DECIMALS + 1, "0");
  return Number(`${digits.slice(0, -USD_DECIMALS)}.${digits.slice(-USD_DECIMALS)}`);
}

const ceilDivide = (a: bigint, b: bigint): bigint => (a + b - 1n) / b;
