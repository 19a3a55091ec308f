"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "~/ui/api/trpc";
import { satsText } from "~/ui/controls/amounts";
import { forgetSession, type KnownSession } from "~/ui/known-sessions/known-sessions";
import { OrderRow } from "~/ui/order-list/order-row";
import { sessionTexts } from "~/ui/texts/sessions";

const t = sessionTexts;

export function SessionRow({ session }: { session: KnownSession }) {
  const trpc = useTRPC();
  const { sessionId: id, refundToken, createdAt } = session;
  // Always fetched again: what was true on the last visit to this page may be long past.
  const view = useQuery(trpc.sessions.peek.queryOptions({ id }, { trpc: { context: { refundToken } }, staleTime: 0 }));
  const state = view.data?.state;
  const isOpen = state === "active" || state === "paused";
  return (
    <OrderRow
      name={t.list.name(id.slice(0, 4))}
      href={`/sessions/${id}`}
      createdAt={createdAt}
      told={view}
      state={state && t.states[state]}
      owedSats={view.data?.owedSats}
      more={view.data && isOpen && t.list.balance(satsText(view.data.balanceSats))}
      onForget={() => forgetSession(id)}
    />
  );
}
