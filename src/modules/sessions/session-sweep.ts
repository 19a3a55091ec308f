import { ZERO_SATS } from "~/core/money";
import type { Database } from "~/db/client";
import type { Clock } from "~/ports/clock";
import { eraseOldTexts, locklessRunners, settleRequest, strayRequests } from "./session-request-store";
import { TEXTS } from "./session-texts";

const DAY_MS = 86_400_000;
const BATCH = 100;
/** A request that is over its time by so much will not be ended by its own process any more. */
const OVERDUE_MS = 30_000;

/** Cleans up after processes that died in the middle of requests, and forgets old texts. */
export function sessionSweep({
  db,
  clock,
  onChanged,
  textRetentionDays,
}: {
  db: Database;
  clock: Clock;
  /** Balance and history of a session have changed. */
  onChanged: (sessionId: string) => void;
  textRetentionDays: number;
}) {
  /** Who was found without a lock last time: cut off for a moment is not dead. */
  let suspects: ReadonlySet<string> = new Set();

  return {
    /** Fails what nobody will end any more and frees what it holds. Returns how many requests that were. */
    async failStrays(): Promise<number> {
      const lockless = await locklessRunners(db);
      const gone = lockless.filter((runner) => suspects.has(runner));
      suspects = new Set(lockless);
      let ended = 0;
      for (;;) {
        const strays = await strayRequests(db, gone, new Date(clock.now().getTime() - OVERDUE_MS), BATCH);
        for (const { id, sessionId } of strays) {
          if (!(await fail(id))) continue;
          ended += 1;
          onChanged(sessionId);
        }
        if (strays.length < BATCH) return ended;
      }
    },

    async eraseOldTexts(): Promise<void> {
      const before = new Date(clock.now().getTime() - textRetentionDays * DAY_MS);
      while ((await eraseOldTexts(db, before, BATCH)) === BATCH);
    },
  };

  async function fail(requestId: string): Promise<boolean> {
    const balance = await settleRequest(db, {
      requestId,
      state: "failed",
      debitedSats: ZERO_SATS,
      absorbedSats: ZERO_SATS,
      poolCreditSats: ZERO_SATS,
      requestHmac: "",
      actual: null,
      result: null,
      truncated: false,
      reason: null,
      errorMessage: TEXTS.interrupted,
      now: clock.now(),
    });
    return balance !== null;
  }
}
