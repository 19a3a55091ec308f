import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decayedScore, type Score, scored, seen, TRUST_TIERS, type TrustEvent, tierOf } from "./trust";

const DAY_MS = 86_400_000;
const FIRST_SEEN = Date.UTC(2026, 0, 1);
const at = (days: number) => new Date(FIRST_SEEN + days * DAY_MS);
const AFTER_DAYS = 30;

const anyScore = fc.record({
  score: fc.nat({ max: 500 }),
  lastSeenAt: fc.date({ min: at(0), max: at(400), noInvalidDate: true }),
});
const anyMoment = fc.date({ min: at(0), max: at(1200), noInvalidDate: true });
const anyGrace = fc.nat({ max: 60 });
const anyEvent = fc.constantFrom<TrustEvent>("paidWork", "freeWork", "refused");

describe("decay", () => {
  test.each([
    [0, 12],
    [30, 12],
    [30.999, 12],
    [31, 11],
    [31.999, 11],
    [40, 2],
    [42, 0],
    [4000, 0],
  ])("after %d days of absence of a score of 12 there are %d left", (days, left) => {
    expect(decayedScore({ score: 12, lastSeenAt: at(0) }, at(days), AFTER_DAYS)).toBe(left);
  });

  test("takes nothing from whoever is ahead of our clock", () => {
    expect(decayedScore({ score: 12, lastSeenAt: at(9) }, at(0), AFTER_DAYS)).toBe(12);
  });

  test("composes: once it has begun, so many days later are so many points less", () => {
    fc.assert(
      fc.property(anyScore, anyGrace, fc.nat({ max: 900 }), fc.nat({ max: 90 }), (known, grace, away, more) => {
        const begun = new Date(known.lastSeenAt.getTime() + (grace + away) * DAY_MS);
        const later = new Date(begun.getTime() + more * DAY_MS);
        const expected = Math.max(0, decayedScore(known, begun, grace) - more);
        expect(decayedScore(known, later, grace)).toBe(expected);
      }),
      { endOnFailure: true },
    );
  });

  test("only ever takes, never below nothing, and never the more for being read", () => {
    fc.assert(
      fc.property(anyScore, anyGrace, anyMoment, anyMoment, (known, grace, one, other) => {
        const [sooner, later] = one < other ? [one, other] : [other, one];
        const then = decayedScore(known, sooner, grace);
        const afterwards = decayedScore(known, later, grace);
        expect(then).toBeLessThanOrEqual(known.score);
        expect(afterwards).toBeLessThanOrEqual(then);
        expect(afterwards).toBeGreaterThanOrEqual(0);
      }),
      { endOnFailure: true },
    );
  });
});

describe("a visit", () => {
  test("takes for good what absence took: nobody regains it by being seen, once or often", () => {
    const visits = fc.array(anyMoment, { maxLength: 12 });
    fc.assert(
      fc.property(anyScore, anyGrace, visits, anyMoment, (known, grace, moments, end) => {
        let present: Score = known;
        let least = known.score;
        for (const now of [...moments].sort((a, b) => a.getTime() - b.getTime())) {
          least = Math.min(least, decayedScore(present, now, grace));
          present = seen(present, now, grace);
          expect(decayedScore(present, now, grace)).toBe(least);
        }
        expect(decayedScore(present, end, grace)).toBeLessThanOrEqual(least);
      }),
      { endOnFailure: true },
    );
  });

  test("ends the absence: it counts anew from there", () => {
    const visited = seen({ score: 12, lastSeenAt: at(0) }, at(35), AFTER_DAYS);
    expect(visited).toEqual({ score: 7, lastSeenAt: at(35) });
    expect(decayedScore(visited, at(65), AFTER_DAYS)).toBe(7);
    expect(decayedScore(visited, at(66), AFTER_DAYS)).toBe(6);
  });

  test("by a clock that stands behind changes nothing", () => {
    const known = { score: 12, lastSeenAt: at(9) };
    expect(seen(known, at(3), AFTER_DAYS)).toEqual(known);
  });
});

describe("a score", () => {
  test.each<[TrustEvent, number, number]>([
    ["paidWork", 0, 1],
    ["paidWork", 9, 10],
    ["freeWork", 9, 9],
    ["refused", 9, 7],
    ["refused", 1, 0],
    ["refused", 0, 0],
  ])("by %s goes from %d to %d", (event, from, to) => {
    expect(scored({ score: from, lastSeenAt: at(0) }, event, at(1), AFTER_DAYS).score).toBe(to);
  });

  test("is raised by paid successes alone, by one each, from what absence has left of it", () => {
    fc.assert(
      fc.property(
        anyScore,
        anyGrace,
        fc.array(fc.tuple(anyEvent, anyMoment), { maxLength: 40 }),
        (known, grace, life) => {
          const inOrder = [...life].sort(([, a], [, b]) => a.getTime() - b.getTime());
          let present: Score = known;
          for (const [event, now] of inOrder) {
            const before = decayedScore(present, now, grace);
            present = scored(present, event, now, grace);
            expect(present.score).toBeGreaterThanOrEqual(0);
            if (event === "paidWork") expect(present.score).toBe(before + 1);
            else expect(present.score).toBeLessThanOrEqual(before);
          }
          const paid = inOrder.filter(([event]) => event === "paidWork").length;
          expect(present.score).toBeLessThanOrEqual(known.score + paid);
        },
      ),
    );
  });
});

describe("tiers", () => {
  const thresholds = { established: 10, trusted: 50, elite: 200 };
  test.each([
    [0, "new"],
    [9, "new"],
    [10, "established"],
    [49, "established"],
    [50, "trusted"],
    [199, "trusted"],
    [200, "elite"],
    [100_000, "elite"],
  ])("a score of %d is %s", (score, tier) => {
    expect(tierOf(score, thresholds)).toBe(tier);
  });

  test("a higher score is never a lower tier, and nobody known is anonymous", () => {
    const rank = (score: number) => TRUST_TIERS.indexOf(tierOf(score, thresholds));
    for (let score = 0; score < 300; score += 1) {
      expect(rank(score + 1)).toBeGreaterThanOrEqual(rank(score));
      expect(rank(score)).toBeGreaterThan(TRUST_TIERS.indexOf("anonymous"));
    }
  });
});
