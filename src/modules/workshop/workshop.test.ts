import fc from "fast-check";
import { expect, test } from "vitest";
import { type Activity, aboutSats, agentStates, poolLevel } from "./workshop";

const REST: Activity = { judging: false, working: false, thinking: false, moneyMoving: false };

test("each helper works at what is theirs, and Timmy while any does", () => {
  const idle = { timmy: "idle", alpha: "idle", beta: "idle", gamma: "idle", delta: "idle" };
  expect(agentStates(REST)).toEqual(idle);
  const busy = (activity: Partial<Activity>) => agentStates({ ...REST, ...activity });
  expect(busy({ judging: true })).toEqual({ ...idle, timmy: "working", alpha: "working" });
  expect(busy({ working: true })).toEqual({ ...idle, timmy: "working", beta: "working" });
  expect(busy({ thinking: true })).toEqual({ ...idle, timmy: "working", gamma: "working" });
  expect(busy({ moneyMoving: true })).toEqual({ ...idle, timmy: "working", delta: "working" });
});

test("the jar is empty, half full at first, and never over", () => {
  expect(poolLevel(0n, 10_000)).toBe(0);
  expect(poolLevel(10_000n, 10_000)).toBe(0.5);
  expect(poolLevel(5n, 0)).toBeGreaterThan(0.5);
  fc.assert(
    fc.property(fc.bigInt(0n, 10n ** 12n), fc.nat(1_000_000), (balance, seed) => {
      const level = poolLevel(balance, seed);
      expect(level >= 0 && level <= 1).toBe(true);
      expect(poolLevel(balance + 1000n, seed)).toBeGreaterThanOrEqual(level);
    }),
  );
});

test.each([
  [0n, 0],
  [7n, 7],
  [10n, 10],
  [23n, 20],
  [96n, 100],
  [137n, 100],
  [4_567n, 5_000],
  [100_000n, 100_000],
])("%d sats are about %d", (exact, about) => expect(aboutSats(exact)).toBe(about));
