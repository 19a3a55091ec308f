import { expect, test } from "vitest";
import { retryPauseMs, untilDeadline } from "./job-timing";

const NOW = new Date("2026-11-22T12:00:00Z");
const inMs = (ms: number) => new Date(NOW.getTime() + ms);

test("attempts come after 1, 2, 4 … seconds, at most 30", () => {
  expect([1, 2, 3, 4, 5, 6, 7, 100, 100_000].map(retryPauseMs)).toEqual([
    1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000, 30_000,
  ]);
});

test("a phase whose time is over does not begin", () => {
  const never = new AbortController().signal;
  expect(untilDeadline(NOW, NOW, never)).toMatchObject({ expired: true, signal: { aborted: true } });
  expect(untilDeadline(inMs(60_000), NOW, never)).toMatchObject({ expired: false, signal: { aborted: false } });
});

test("a phase is let go of at its deadline, and at a shutdown before it", async () => {
  const shutdown = new AbortController();
  const short = untilDeadline(inMs(20), NOW, shutdown.signal).signal;
  const long = untilDeadline(inMs(60_000), NOW, shutdown.signal).signal;
  await expect.poll(() => short.aborted).toBe(true);
  expect(long.aborted).toBe(false);
  shutdown.abort();
  expect(long.aborted).toBe(true);
});
