import { z } from "zod";
import { keptList } from "~/ui/kept/kept-list";

/** What this browser keeps of a session: its credential, which spends, and its refund token, which closes and claims. */
const KnownSession = z.object({
  sessionId: z.uuid(),
  macaroon: z.string().min(1).max(4096),
  refundToken: z.string().min(1).max(200),
  createdAt: z.iso.datetime(),
});
export type KnownSession = z.infer<typeof KnownSession>;

/** With an entry its keys would go, and with those its money: far more than anybody opens. */
const MAX_SESSIONS = 200;

const kept = keptList<KnownSession>("timmy.sessions", KnownSession);

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
    return KnownSession.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

const byNewest = (a: KnownSession, b: KnownSession): number => b.createdAt.localeCompare(a.createdAt);
