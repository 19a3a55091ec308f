"use client";

import { useSyncExternalStore } from "react";
import { type KnownSession, knownSessions, watchKnownSessions } from "./known-sessions";

const NONE: readonly KnownSession[] = [];

/** The sessions of this browser, newest first; none while the server renders. */
export const useKnownSessions = (): readonly KnownSession[] =>
  useSyncExternalStore(watchKnownSessions, knownSessions, () => NONE);

/** The keys of a session: undefined while that is not known yet, null where this browser has none. */
export function useSessionKeys(sessionId: string): KnownSession | null | undefined {
  const inBrowser = useSyncExternalStore(
    () => () => {},
    () => true,
    () => false,
  );
  const known = useKnownSessions().find((session) => session.sessionId === sessionId);
  return inBrowser ? (known ?? null) : undefined;
}
