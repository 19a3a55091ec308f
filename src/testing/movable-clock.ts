import type { Clock } from "~/ports/clock";

export type MovableClock = Clock & { advance(milliseconds: number): void };

/** Real time, ahead by what it was moved: what the database stamps by itself is never in its future. */
export function movableClock(): MovableClock {
  let aheadMs = 0;
  return {
    now: () => new Date(Date.now() + aheadMs),
    advance(milliseconds) {
      aheadMs += milliseconds;
    },
  };
}
