import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { rhythm } from "./rhythm";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("each step asks for the pause after it, and only one runs at a time", async () => {
  const begun: number[] = [];
  let running = 0;
  const beating = rhythm(
    async () => {
      running += 1;
      expect(running).toBe(1);
      begun.push(Date.now());
      await new Promise((resolve) => setTimeout(resolve, 100));
      running -= 1;
      return begun.length * 1000;
    },
    () => undefined,
  );
  const from = Date.now();
  await vi.advanceTimersByTimeAsync(6_500);
  expect(begun.map((at) => at - from)).toEqual([0, 1_100, 3_200, 6_300]);
  const stopped = beating.stop();
  await vi.advanceTimersByTimeAsync(100);
  await stopped;
});

test("a step that fails is tried again, later each time, and forgiven once it succeeds", async () => {
  const begun: number[] = [];
  const errors: unknown[] = [];
  const beating = rhythm(
    async () => {
      begun.push(Date.now());
      if (begun.length <= 8) throw new Error("no");
      return 1_000;
    },
    (error) => errors.push(error),
  );
  await vi.advanceTimersByTimeAsync(120_000);
  const pauses = begun.slice(1, 10).map((at, n) => at - (begun[n] ?? 0));
  expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 1_000]);
  expect(errors).toHaveLength(8);
  await beating.stop();
});

test("stops at once out of a pause, and takes no further step", async () => {
  const step = vi.fn(async () => 60_000);
  const beating = rhythm(step, () => undefined);
  await vi.advanceTimersByTimeAsync(0);
  await beating.stop();
  await vi.advanceTimersByTimeAsync(600_000);
  expect(step).toHaveBeenCalledTimes(1);
});
