import { setTimeout as pause } from "node:timers/promises";

/** Waits until `ask` has an answer, and throws when that takes longer than patience lasts. */
export type Eventually = <T>(what: string, ask: () => Promise<T | null>) => Promise<T>;

const PATIENCE_MS = 150_000;

/** While servers are killed again and again, nothing can be promised; from then on everything comes to its end. */
export function patience(): { eventually: Eventually; beginsToEnd(): void } {
  let limit = Number.POSITIVE_INFINITY;
  return {
    beginsToEnd() {
      limit = Date.now() + PATIENCE_MS;
    },
    async eventually(what, ask) {
      for (let waitMs = 40; ; waitMs = Math.min(waitMs * 1.5, 400)) {
        const answer = await ask();
        if (answer !== null) return answer;
        if (Date.now() > limit) throw new Error(`${what}: not within ${PATIENCE_MS / 1000} s after the last kill`);
        await pause(waitMs);
      }
    },
  };
}
