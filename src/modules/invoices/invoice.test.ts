import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isPastPaying, nextCheckAt, sharedLookUpMs } from "./invoice";

const CREATED = Date.UTC(2026, 10, 22);
const S = 1000;
const MIN = 60 * S;
const HOUR = 60 * MIN;
const DAY = 24 * HOUR;

const invoice = (expirySeconds: number) => ({
  createdAt: new Date(CREATED),
  expiresAt: new Date(CREATED + expirySeconds * S),
});
/** Every check of an invoice that is asked exactly when it is due, in ms since it was made. */
function checksOf(expirySeconds: number): number[] {
  const checks: number[] = [];
  let now = new Date(CREATED);
  for (;;) {
    const next = nextCheckAt(invoice(expirySeconds), now);
    if (next === null) return checks;
    checks.push(next.getTime() - CREATED);
    now = next;
  }
}

describe("an invoice is looked up by itself", () => {
  test("after 5 s, then with pauses that double to a minute, shortly before its expiry, at it, and four times after it", () => {
    expect(checksOf(600)).toEqual([
      ...[5 * S, 10 * S, 20 * S, 40 * S, 80 * S],
      ...Array.from({ length: 8 }, (_, n) => 80 * S + (n + 1) * MIN),
      598 * S,
      600 * S,
      ...[MIN, HOUR, DAY, 7 * DAY].map((after) => 600 * S + after),
    ]);
  });

  test("of the shortest life shortly before its expiry, at it, within a minute of it", () => {
    expect(checksOf(5)).toEqual([3 * S, 5 * S, ...[MIN, HOUR, DAY, 7 * DAY].map((after) => 5 * S + after)]);
  });

  test("at any time: later than now, at most a minute away while open, never past the expiry in one step", () => {
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 86_400 }), fc.integer({ min: 0, max: 8 * DAY }), (expirySeconds, ageMs) => {
        const now = new Date(CREATED + ageMs);
        const next = nextCheckAt(invoice(expirySeconds), now);
        const expiryMs = expirySeconds * S;
        if (next === null) {
          expect(ageMs).toBeGreaterThanOrEqual(expiryMs + 7 * DAY);
          return;
        }
        const pauseMs = next.getTime() - now.getTime();
        expect(pauseMs).toBeGreaterThan(0);
        if (ageMs >= expiryMs) return;
        expect(pauseMs).toBeLessThanOrEqual(MIN);
        expect(ageMs + pauseMs).toBeLessThanOrEqual(expiryMs);
      }),
    );
  });

  test("never again a week after its expiry", () => {
    expect(nextCheckAt(invoice(600), new Date(CREATED + 600 * S + 7 * DAY))).toBeNull();
    expect(nextCheckAt(invoice(600), new Date(CREATED + 600 * S + 7 * DAY - 1))).not.toBeNull();
  });
});

test("polls share a look-up for 2 s, and for 15 s while settlements are announced", () => {
  expect(sharedLookUpMs(false)).toBe(2000);
  expect(sharedLookUpMs(true)).toBe(15_000);
});

test.each([
  ["open", 600 * S, false],
  ["open", 700 * S, false],
  ["settled", 0, true],
  ["expired", 600 * S, false],
  ["expired", 660 * S - 1, false],
  ["expired", 660 * S, true],
] as const)("whether an invoice that is %s after %i ms is past being paid: %s", (state, ageMs, past) => {
  expect(isPastPaying({ ...invoice(600), state }, new Date(CREATED + ageMs))).toBe(past);
});
