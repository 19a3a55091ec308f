import { setTimeout as sleep } from "node:timers/promises";

/** A load balancer that asked within this time is still there. */
const LOOKS_MS = 15_000;
/** It asks again within this time, or not at all. */
const LONGEST_MS = 5_000;
/** What it sent before it knew has arrived by then. */
const ON_ITS_WAY_MS = 500;

export type Farewell = {
  /** Somebody asks whether we are ready: tells whether we stay. */
  asked(): boolean;
  /** Whoever has asked so far was not a load balancer. */
  forget(): void;
  /** From now on we are leaving. Resolves once the load balancer knows; at once where there is none. */
  leave(): Promise<void>;
};

/**
 * A socket that stops listening resets the connections that wait to be taken. So a balancer, which asks again and again
 * whether we are ready, is told first that we leave, and we go on serving until it has heard.
 */
export function farewell(
  nowMs: () => number = () => performance.now(),
  pause: (ms: number) => Promise<unknown> = sleep,
) {
  let askedAt = Number.NEGATIVE_INFINITY;
  let told: (() => void) | null = null;
  return {
    asked() {
      askedAt = nowMs();
      told?.();
      return told === null;
    },
    forget() {
      askedAt = Number.NEGATIVE_INFINITY;
    },
    async leave() {
      const heard = new Promise<void>((resolve) => {
        told = resolve;
      });
      if (nowMs() - askedAt > LOOKS_MS) return;
      await Promise.race([heard, pause(LONGEST_MS)]);
      await pause(ON_ITS_WAY_MS);
    },
  } satisfies Farewell;
}
