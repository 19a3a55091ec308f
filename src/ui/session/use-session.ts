"use client";

import { useCallback, useMemo, useState } from "react";
import type { WatchedSession } from "~/modules/sessions/session-schema";
import { useTRPCClient } from "~/ui/api/trpc";
import { type Connection, followJob } from "~/ui/job/job-watcher";
import { useFollowing } from "~/ui/job/use-following";
import type { KnownSession } from "~/ui/known-sessions/known-sessions";
import { subscribeToSession } from "./session-source";

const PAGE = 20;
type Requests = WatchedSession["requests"];
/** Requests further back than the newest page, and where the next ones begin: null at the end of them. */
type Older = { requests: Requests; next: string | null };

export type Session = {
  keys: KnownSession;
  authorization: string;
  /** Undefined until the server has told of it. */
  view: WatchedSession | undefined;
  connection: Connection;
  /** The newest first, as far as they were fetched. */
  requests: Requests;
  older: { has: boolean; fetching: boolean; fetch: () => void };
  unknown: boolean;
  /** Asks the server at once. */
  lookNow: () => void;
};

const bearer = ({ macaroon }: KnownSession): string => `Bearer ${macaroon}`;

/** As it is shown: what a running request holds makes no pause. */
export function stateOf({ state, requests }: Pick<WatchedSession, "state" | "requests">): WatchedSession["state"] {
  return state === "paused" && requests.some((request) => request.state === "running") ? "active" : state;
}

/** Whether a payment comes before the next request: one waits, or the balance is too low for any. */
export const paysFirst = (view: WatchedSession): boolean => view.pendingTopup !== null || stateOf(view) === "paused";

/** One session of this browser, live. */
export function useSession(keys: KnownSession): Session {
  const { sessionId: id, refundToken } = keys;
  const authorization = bearer(keys);
  const client = useTRPCClient();
  const [view, setView] = useState<WatchedSession>();
  const [connection, setConnection] = useState<Connection>("connecting");
  const [unknown, setUnknown] = useState(false);
  const [older, setOlder] = useState<Older | null>(null);
  const [fetching, setFetching] = useState(false);

  const start = useCallback(
    () =>
      followJob<WatchedSession, WatchedSession>(
        {
          view: () => client.sessions.peek.query({ id }, { context: { refundToken } }),
          subscribe: (lastEventId, on) => subscribeToSession(client, { id, refundToken, lastEventId }, on),
        },
        {
          view: setView,
          event: (_id, session) => setView(session),
          connection: setConnection,
          unknownJob: () => setUnknown(true),
        },
      ),
    [client, id, refundToken],
  );
  const lookNow = useFollowing(start);

  const next = older ? older.next : (view?.nextCursor ?? null);
  const fetchOlder = useCallback(async () => {
    if (next === null) return;
    setFetching(true);
    try {
      const page = await client.sessions.get.query({ id, cursor: next, limit: PAGE }, { context: { authorization } });
      setOlder((so) => ({ requests: [...(so?.requests ?? []), ...page.requests], next: page.nextCursor }));
    } catch {
      // The button is still there.
    } finally {
      setFetching(false);
    }
  }, [client, id, authorization, next]);

  const requests = useMemo(() => {
    const newest = view?.requests ?? [];
    const seen = new Set(newest.map(({ requestId }) => requestId));
    return [...newest, ...(older?.requests ?? []).filter(({ requestId }) => !seen.has(requestId))];
  }, [view, older]);

  return {
    keys,
    authorization,
    view,
    connection,
    requests,
    older: { has: next !== null, fetching, fetch: () => void fetchOlder() },
    unknown,
    lookNow,
  };
}
