import { keptList } from "~/ui/kept/kept-list";
import { isInstant, isObject, isText, isUuid } from "~/ui/kept/read-json";

/** What this browser keeps of a session: its credential, which spends, and its refund token, which closes and claims. */
export type KnownSession = { sessionId: string; macaroon: string; refundToken: string; createdAt: string };

function readSession(given: unknown): KnownSession | null {
  if (!isObject(given)) return null;
  const { sessionId, macaroon, refundToken, createdAt } = given;
  const whole = isUuid(sessionId) && isText(macaroon, 1, 4096) && isText(refundToken, 1, 200) && isInstant(createdAt);
  return whole ? { sessionId, macaroon, refundToken, createdAt } : null;
}

/** Far more than anybody opens, since dropping an entry drops its keys, and with them its money. */
const MAX_SESSIONS = 200;

const kept = keptList<KnownSession>("timmy.sessions", readSession);

/** Newest first. */
export const knownSessions = kept.all;
export const watchKnownSessions = kept.watch;

export function rememberSession(session: KnownSession): void {
  const others = knownSessions().filter(({ sessionId }) => sessionId !== session.sessionId);
  kept.save([session, ...others].sort(byNewest).slice(0, MAX_SESSIONS));
}

export const forgetSession = (id: string): void =>
  kept.save(knownSessions().filter(({ sessionId }) => sessionId !== id));

/** The keys of a session as text, to carry them to another browser. */
export const keysText = (session: KnownSession): string => JSON.stringify(session);

/** The session whose keys the text holds; null for what is none. */
export function sessionIn(text: string): KnownSession | null {
  try {
    return readSession(JSON.parse(text));
  } catch {
    return null;
  }
}

const byNewest = (a: KnownSession, b: KnownSession): number => b.createdAt.localeCompare(a.createdAt);
