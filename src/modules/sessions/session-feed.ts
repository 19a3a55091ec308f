import type { Database } from "~/db/client";
import type { Bell, WakeUps } from "~/db/wake-ups";
import { announceSessions } from "./session-store";

export type SessionFeed = {
  /** Rings whenever the session may have changed. */
  bell(sessionId: string, signal: AbortSignal): Bell;
  /** To be called when a change of it is committed. Never throws, never waits. */
  changed(sessionId: string): void;
  /** How often a watcher looks by itself. */
  lookAgainMs: number;
  close(): Promise<void>;
};

const LOOK_AGAIN_MS = 10_000;

/**
 * A notification inside the transaction would make all that commit with one stand in line, and requests are what a
 * session has many of. So it is sent afterwards, one for all that changed meanwhile; where a process dies in between,
 * watchers find out when they look by themselves.
 */
export function sessionFeed(db: Database, wakeUps: WakeUps, lookAgainMs = LOOK_AGAIN_MS): SessionFeed {
  const waiting = new Set<string>();
  let sending: Promise<void> | null = null;

  async function send() {
    while (waiting.size > 0) {
      const ids = [...waiting];
      waiting.clear();
      await announceSessions(db, ids).catch(() => undefined);
    }
    sending = null;
  }

  return {
    lookAgainMs,
    bell: wakeUps.bell,
    changed(sessionId) {
      waiting.add(sessionId);
      sending ??= send();
    },
    async close() {
      await sending;
      await wakeUps.stop();
    },
  };
}
