import type { Clock } from "~/ports/clock";

export type FrozenClock = Clock & { advance(milliseconds: number): void };

const AHEAD_MS = 86_400_000;

/** Stands still until it is moved, so that a model knows the time to the millisecond. Ahead of the database's clock. */
export function frozenClock(): FrozenClock {
  let at = Date.now() + AHEAD_MS;
  return {
    now: () => new Date(at),
    advance(milliseconds) {
      at += milliseconds;
    },
  };
}
