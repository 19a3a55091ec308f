import { setTimeout as sleep } from "node:timers/promises";

/** What keeps an app from being ready passes at once at most starts, or lasts as long as a wallet is away. */
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 2_000;

/** Asks this app's own /api/readyz, as anybody would, until it is ready (true) or the signal says not to wait (false). */
export async function untilReady(loopbackUrl: string, signal: AbortSignal): Promise<boolean> {
  for (let pauseMs = FIRST_PAUSE_MS; !signal.aborted; pauseMs = Math.min(pauseMs * 1.2, LONGEST_PAUSE_MS)) {
    const reply = await fetch(`${loopbackUrl}/api/readyz`, { signal }).catch(() => null);
    await reply?.arrayBuffer().catch(() => null);
    if (reply?.ok) return true;
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
  }
  return false;
}
