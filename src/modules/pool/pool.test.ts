import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sats } from "~/core/money";
import { billOf, decisionOf } from "./pool";

const anySats = fc.nat({ max: 1_000_000 }).map((amount) => sats(amount));

describe("a decision", () => {
  test.each([
    [40n, 0n, "gate", 0n, 40n],
    [40n, 1n, "partial", 1n, 39n],
    [40n, 39n, "partial", 39n, 1n],
    [40n, 40n, "free", 40n, 0n],
  ] as const)("about a quote of %d of which %d are covered: %s", (quote, covered, serve, absorbSats, chargeSats) => {
    expect(decisionOf(sats(quote), sats(covered))).toEqual({ serve, absorbSats, chargeSats });
  });

  test("about more than the quote is a fault of ours, not a gift", () => {
    expect(() => decisionOf(sats(40n), sats(41n))).toThrow(RangeError);
  });
});

describe("the bill of finished work", () => {
  test.each([
    ["the pool covers all", 25n, { reserved: 40n, paid: 0n }, [25n, 0n, 0n]],
    ["the pool covers a part", 40n, { reserved: 15n, paid: 25n }, [15n, 25n, 0n]],
    ["cheaper than the pool's part", 10n, { reserved: 15n, paid: 25n }, [10n, 0n, 0n]],
    ["cheaper than both", 20n, { reserved: 15n, paid: 25n }, [15n, 5n, 0n]],
    ["the pool was dry when the visitor paid", 40n, { reserved: 0n, paid: 25n }, [0n, 25n, 15n]],
    ["the pool had only a little", 40n, { reserved: 5n, paid: 25n }, [5n, 25n, 10n]],
    ["full price", 31n, { reserved: 0n, paid: 40n }, [0n, 31n, 0n]],
    ["too much was paid", 40n, { reserved: 0n, paid: 55n }, [0n, 40n, 0n]],
  ] as const)("%s", (_, price, { reserved, paid }, [absorbedSats, chargedSats, shortfallSats]) => {
    const bill = billOf(sats(price), { reservedSats: sats(reserved), paidSats: sats(paid) });
    expect(bill).toEqual({ absorbedSats, chargedSats, shortfallSats });
  });

  test("adds up to the price, takes from nobody more than there is, and leaves us only what neither has", () => {
    fc.assert(
      fc.property(anySats, anySats, anySats, (price, reservedSats, paidSats) => {
        const { absorbedSats, chargedSats, shortfallSats } = billOf(price, { reservedSats, paidSats });
        expect(absorbedSats + chargedSats + shortfallSats).toBe(price);
        expect(absorbedSats <= reservedSats && chargedSats <= paidSats).toBe(true);
        if (chargedSats > 0n) expect(absorbedSats).toBe(reservedSats);
        if (shortfallSats > 0n) expect([absorbedSats, chargedSats]).toEqual([reservedSats, paidSats]);
      }),
    );
  });
});
