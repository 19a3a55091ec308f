/**
 * How long to wait before the next attempt, in milliseconds: doubling from `firstMs` up to `maxMs`, half of it chance,
 * so that processes which lost the same server do not come back in step.
 * `failures` counts from 1; `random` is in [0, 1).
 */
export function retryDelayMs(failures: number, limits: { firstMs: number; maxMs: number }, random: number): number {
  const full = Math.min(limits.maxMs, limits.firstMs * 2 ** Math.min(failures - 1, 30));
  return Math.round(full / 2 + (full / 2) * random);
}
