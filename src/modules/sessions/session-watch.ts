import { createHash } from "node:crypto";
import type { SessionFeed } from "./session-feed";
import type { WatchedSession } from "./session-schema";

/** `version` is the same as long as everything that is shown is. */
export type WatchedVersion = { version: string; session: WatchedSession };

type Deps = {
  feed: SessionFeed;
  /** The session as it stands. */
  look: (id: string) => Promise<WatchedSession>;
  /** Asks the wallet about what the session waits for. */
  askWallet: (id: string) => Promise<unknown>;
};

const VERSION_LETTERS = 16;

/** A session as it stands, unless the watcher knows that already, and again after every change, until the signal. */
export async function* watchSession(
  { feed, look, askWallet }: Deps,
  id: string,
  known: string | null,
  signal: AbortSignal,
): AsyncGenerator<WatchedVersion> {
  const bell = feed.bell(id, signal);
  // Who watches does not poll: now and then it is looked on their behalf, should an announcement have been lost.
  const lookAgain = setInterval(() => {
    askWallet(id).then(bell.ring, bell.ring);
  }, feed.lookAgainMs);
  try {
    let told = known;
    while (!signal.aborted) {
      const session = await look(id);
      const version = versionOf(session);
      if (version !== told) {
        told = version;
        yield { version, session };
      }
      await bell.rung();
    }
  } finally {
    clearInterval(lookAgain);
    bell.leave();
  }
}

const versionOf = (session: WatchedSession): string =>
  createHash("sha256").update(JSON.stringify(session)).digest("hex").slice(0, VERSION_LETTERS);
