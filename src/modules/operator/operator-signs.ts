/** Writes down that something was seen, and when. Never throws, never waits. */
export type Saw = (name: string, detail?: string) => void;

const SELDOM_MS = 10_000;

/**
 * What is seen often is recorded only now and then: the operator wants to know roughly when, and the database has
 * other work.
 */
export function signs(keep: (name: string, detail: string) => Promise<void>, nowMs: () => number): Saw {
  const kept = new Map<string, number>();
  return (name, detail = "") => {
    const now = nowMs();
    if (now - (kept.get(name) ?? Number.NEGATIVE_INFINITY) < SELDOM_MS) return;
    kept.set(name, now);
    keep(name, detail).catch(() => kept.delete(name)); // the next time will do
  };
}
