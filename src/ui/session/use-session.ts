"use client";

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useRef } from "react";
import type { DepositView, SessionView } from "~/modules/sessions/session-schema";
import { problemOf } from "~/ui/api/problem";
import { useTRPC } from "~/ui/api/trpc";
import type { KnownSession } from "~/ui/known-sessions/known-sessions";

const PAGE = 10;
const ASK_MS = { least: 1_200, most: 20_000 };
/** A late payment is rare, and the wallet is asked about it by itself. */
const EXPIRED_ASK_MS = 60_000;

export type Session = {
  keys: KnownSession;
  authorization: string;
  /** What opens it; undefined until the server has said so. */
  deposit: DepositView | undefined;
  /** Undefined until the deposit is paid and the server has told of it. */
  view: SessionView | undefined;
  /** The newest first, as far as they were fetched. */
  requests: SessionView["requests"];
  older: { has: boolean; fetching: boolean; fetch: () => void };
  unknown: boolean;
  unreached: boolean;
  /** Asks the server at once. */
  lookNow: () => void;
};

export const bearer = ({ macaroon }: KnownSession): string => `Bearer ${macaroon}`;

/** One session of this browser: its deposit while that is waited for, then its balance and what was asked. */
export function useSession(keys: KnownSession): Session {
  const trpc = useTRPC();
  const id = keys.sessionId;
  const authorization = bearer(keys);
  const slowing = useSlowing();

  const deposit = useQuery(
    trpc.sessions.deposit.queryOptions(
      { id },
      {
        trpc: { context: { refundToken: keys.refundToken } },
        staleTime: 0,
        refetchInterval: ({ state: { data } }) => {
          if (data?.depositPaid || data?.state === "closed") return false;
          return data?.state === "expired" ? EXPIRED_ASK_MS : slowing("deposit");
        },
      },
    ),
  );
  const history = useInfiniteQuery(
    trpc.sessions.get.infiniteQueryOptions(
      { id, limit: PAGE },
      {
        trpc: { context: { authorization } },
        enabled: deposit.data?.depositPaid === true,
        getNextPageParam: (page) => page.nextCursor ?? undefined,
        staleTime: 0,
        refetchInterval: ({ state: { data } }) => {
          const waits = waitsFor(data?.pages[0]);
          return waits === null ? false : slowing(waits);
        },
      },
    ),
  );

  const { refetch: lookAtDeposit } = deposit;
  const { refetch: lookAtHistory, fetchNextPage } = history;
  const isPaid = deposit.data?.depositPaid === true;
  const lookNow = useCallback(
    () => void (isPaid ? lookAtHistory() : lookAtDeposit()),
    [isPaid, lookAtHistory, lookAtDeposit],
  );
  const pages = history.data?.pages;
  const requests = useMemo(() => (pages ?? []).flatMap((page) => page.requests), [pages]);
  const error = deposit.error ?? history.error;
  const status = error ? problemOf(error).status : null;

  return {
    keys,
    authorization,
    deposit: deposit.data,
    view: pages?.[0],
    requests,
    older: { has: history.hasNextPage, fetching: history.isFetchingNextPage, fetch: () => void fetchNextPage() },
    unknown: status === 404 || status === 403,
    unreached: error !== null && status !== 404 && status !== 403,
    lookNow,
  };
}

/** What may change by itself, so that it is worth asking again; null where nothing will. */
function waitsFor(view: SessionView | undefined): string | null {
  if (!view) return null;
  if (view.pendingTopup) return `topup ${view.pendingTopup.paymentHash}`;
  const running = view.requests.find(({ state }) => state === "running");
  if (running) return `request ${running.requestId}`;
  return view.payout?.state === "pending" ? "payout" : null;
}

/** How long until the next look: soon when the waiting has just begun, ever slower after. Names what is waited for. */
function useSlowing(): (what: string) => number {
  const since = useRef<{ what: string; at: number } | null>(null);
  return useCallback((what) => {
    const now = Date.now();
    if (since.current?.what !== what) since.current = { what, at: now };
    return Math.min(ASK_MS.most, Math.max(ASK_MS.least, (now - since.current.at) / 8));
  }, []);
}
