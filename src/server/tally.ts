import type { Count, Labels } from "./metric-store";

/** Counts what happens, for the metrics of all processes together. */
export type Tally = { add(name: string, labels: Labels, amount?: number): void };

const FLUSH_MS = 5_000;

/**
 * Gathers counts in this process and adds them to the shared ones every few seconds: counting costs nothing where it
 * happens, and a killed process loses no more than that. `keep` adds a batch to the database.
 */
export function tally(keep: (counts: readonly Count[]) => Promise<void>) {
  let waiting = new Map<string, Count>();
  let flushing: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;

  function add(name: string, labels: Labels, amount = 1): void {
    const key = `${name} ${Object.values(labels).join(" ")}`;
    const count = waiting.get(key);
    if (count) count.value += amount;
    else waiting.set(key, { name, labels, value: amount });
    timer ??= setTimeout(() => void flush(), FLUSH_MS).unref();
  }

  /** Never fails: what could not be kept waits for the next time. */
  function flush(): Promise<void> {
    flushing = flushing.then(async () => {
      clearTimeout(timer);
      timer = undefined;
      if (waiting.size === 0) return;
      const batch = waiting;
      waiting = new Map();
      await keep([...batch.values()]).catch(() => {
        for (const { name, labels, value } of batch.values()) add(name, labels, value);
      });
    });
    return flushing;
  }

  return { add, flush };
}
