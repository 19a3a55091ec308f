/** The pause before the next attempt of a phase: 1 s, 2 s, 4 s … 30 s, whatever failed. */
export const retryPauseMs = (attempt: number): number => Math.min(1000 * 2 ** Math.min(attempt - 1, 10), 30_000);

/** Aborts at the deadline of the phase, or when the process shuts down. */
export function untilDeadline(
  deadlineAt: Date,
  now: Date,
  shutdown: AbortSignal,
): { expired: boolean; signal: AbortSignal } {
  const leftMs = deadlineAt.getTime() - now.getTime();
  if (leftMs <= 0) return { expired: true, signal: AbortSignal.abort() };
  return { expired: false, signal: AbortSignal.any([shutdown, AbortSignal.timeout(leftMs)]) };
}
