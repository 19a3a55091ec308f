import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Sats, sats } from "~/core/money";
import { chargeOf, type SessionEvent, type SessionState, shownState, topupFor, transition } from "./session";

const amount = fc.bigInt({ min: 0n, max: 1_000_000n }).map(sats);
const stakes = fc.record({ heldSats: amount, reservedSats: amount });

describe("who pays", () => {
  test("nobody ever pays more than the price, than was held, or than was set aside", () => {
    const state = fc.constantFrom("complete" as const, "rejected" as const, "failed" as const);
    fc.assert(
      fc.property(state, amount, stakes, (ended, price, begun) => {
        const { debitedSats, absorbedSats } = chargeOf(ended, price, begun);
        expect(debitedSats + absorbedSats).toBeLessThanOrEqual(price);
        expect(debitedSats).toBeLessThanOrEqual(begun.heldSats);
        expect(absorbedSats).toBeLessThanOrEqual(begun.reservedSats);
      }),
    );
  });

  test("a price within the quote is paid whole", () => {
    fc.assert(
      fc.property(stakes, fc.nat(1_000_000), (begun, share) => {
        const quote = begun.heldSats + begun.reservedSats;
        const price = sats((quote * BigInt(share)) / 1_000_000n);
        for (const ended of ["complete", "rejected"] as const) {
          const { debitedSats, absorbedSats } = chargeOf(ended, price, begun);
          expect(debitedSats + absorbedSats).toBe(price);
        }
      }),
    );
  });

  const begun = { heldSats: sats(30), reservedSats: sats(20) };
  test.each([
    ["complete", 15, { absorbedSats: 15n, debitedSats: 0n }],
    ["complete", 45, { absorbedSats: 20n, debitedSats: 25n }],
    ["complete", 60, { absorbedSats: 20n, debitedSats: 30n }],
    ["rejected", 10, { absorbedSats: 0n, debitedSats: 10n }],
    ["rejected", 35, { absorbedSats: 5n, debitedSats: 30n }],
    ["failed", 45, { absorbedSats: 0n, debitedSats: 0n }],
  ] as const)("%s at %s sats", (state, price, charge) => {
    expect(chargeOf(state, sats(price), begun)).toEqual(charge);
  });
});

test.each<[SessionState, SessionEvent, SessionState | null]>([
  ["awaiting_payment", "depositPaid", "active"],
  ["awaiting_payment", "depositExpired", "expired"],
  ["awaiting_payment", "closed", "closed"],
  ["active", "closed", "closed"],
  ["active", "depositPaid", null],
  ["active", "depositExpired", null],
  ["closed", "depositPaid", null],
  ["closed", "closed", null],
  ["expired", "depositPaid", null],
  ["expired", "closed", null],
])("%s, %s: %s", (from, event, to) => {
  const moved = transition(from, event);
  expect(moved.ok ? moved.value.to : null).toBe(to);
  if (!moved.ok) expect(moved.error).toEqual({ code: "sessionNotActive", state: from });
});

test("only what was active has a balance to give back", () => {
  expect(transition("active", "closed")).toMatchObject({ value: { effects: ["oweBalance"] } });
  expect(transition("awaiting_payment", "closed")).toMatchObject({ value: { effects: [] } });
});

test("an active session is shown paused when it cannot pay for the cheapest request, and no other is", () => {
  const shown = (state: SessionState, balance: number) => shownState(state, sats(balance), sats(40));
  expect([shown("active", 39), shown("active", 40), shown("closed", 0), shown("expired", 0)]).toEqual([
    "paused",
    "active",
    "closed",
    "expired",
  ]);
});

test("a missing amount is topped up by what may be topped up", () => {
  const suggested = (missing: number): Sats => topupFor(sats(missing));
  expect([1, 100, 250, 1_000_000].map(suggested)).toEqual([100n, 100n, 250n, 100_000n]);
});
