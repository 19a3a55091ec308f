import type { Database } from "~/db/client";
import type { WakeUps } from "~/db/wake-ups";
import { type BootstrapRecord, readBootstrap } from "./bootstrap-view-store";

export type BootstrapFeed = {
  /** The order as it stands, and again after every change since `afterSeq`, until the signal. */
  watch(id: string, afterSeq: number | null, signal: AbortSignal): AsyncGenerator<BootstrapRecord>;
  close(): Promise<void>;
};

/** Every change of an order is counted in its row: a watcher that was away is told how it stands, and needs no history. */
export function bootstrapFeed(db: Database, wakeUps: WakeUps): BootstrapFeed {
  async function* watch(id: string, afterSeq: number | null, signal: AbortSignal): AsyncGenerator<BootstrapRecord> {
    const bell = wakeUps.bell(id, signal);
    try {
      let told = afterSeq ?? -1;
      while (!signal.aborted) {
        const now = await readBootstrap(db, id);
        if (!now) return;
        if (now.changeSeq > told) {
          told = now.changeSeq;
          yield now;
        }
        await bell.rung();
      }
    } finally {
      bell.leave();
    }
  }

  return { watch, close: wakeUps.stop };
}
