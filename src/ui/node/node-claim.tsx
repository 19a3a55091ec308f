"use client";

import { useMemo } from "react";
import type { WatchedBootstrap } from "~/modules/bootstrap/bootstrap-schema";
import { useTRPCClient } from "~/ui/api/trpc";
import { OwedPanel } from "~/ui/claim/owed-panel";
import type { Refund } from "~/ui/claim/use-claim";
import { bootstrapTexts } from "~/ui/texts/bootstrap";
import type { NodeOrder } from "./use-node";

const t = bootstrapTexts;

/** What an order of a node owes its payer. */
export function NodeClaim({ node, view }: { node: NodeOrder; view: WatchedBootstrap }) {
  const client = useTRPCClient();
  const { bootstrapJobId, refundToken } = node.known;
  const refund = useMemo<Refund>(
    () => (target, idempotencyKey) =>
      client.bootstrap.refund.mutate({ bootstrapJobId, refundToken, ...target }, { context: { idempotencyKey } }),
    [client, bootstrapJobId, refundToken],
  );
  const why = view.state === "failed" ? t.claim.failed : t.claim.late;
  return <OwedPanel order={view} why={why} noKey={t.keys.none} refund={refund} onChanged={node.lookNow} />;
}
