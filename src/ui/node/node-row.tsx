"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "~/ui/api/trpc";
import { forgetNode, type KnownNode } from "~/ui/known-nodes/known-nodes";
import { OrderRow } from "~/ui/order-list/order-row";
import { bootstrapTexts } from "~/ui/texts/bootstrap";

const t = bootstrapTexts;

export function NodeRow({ node }: { node: KnownNode }) {
  const trpc = useTRPC();
  const { bootstrapJobId, refundToken, createdAt } = node;
  // Always fetched again: what was true on the last visit to this page may be long past. Takes no key.
  const view = useQuery(
    trpc.bootstrap.peek.queryOptions({ bootstrapJobId }, { trpc: { context: { refundToken } }, staleTime: 0 }),
  );
  return (
    <OrderRow
      name={t.list.name(bootstrapJobId.slice(0, 4))}
      href={`/bootstrap/${bootstrapJobId}`}
      createdAt={createdAt}
      told={view}
      state={view.data && t.states[view.data.state]}
      owedSats={view.data?.owedSats}
      more={view.data?.sshKeyWaiting && t.list.keyWaits}
      onForget={() => forgetNode(bootstrapJobId)}
    />
  );
}
