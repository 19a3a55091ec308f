"use client";

import { useMemo } from "react";
import type { SessionView } from "~/modules/sessions/session-schema";
import { useTRPCClient } from "~/ui/api/trpc";
import { OwedPanel } from "~/ui/claim/owed-panel";
import type { Refund } from "~/ui/claim/use-claim";
import { sessionTexts } from "~/ui/texts/sessions";
import type { Session } from "./use-session";

const t = sessionTexts;

/** What a session owes its payer. */
export function SessionClaim({ session, view }: { session: Session; view: SessionView }) {
  const client = useTRPCClient();
  const { sessionId: id, refundToken } = session.keys;
  const refund = useMemo<Refund>(
    () => (target, idempotencyKey) =>
      client.sessions.refund.mutate({ id, refundToken, ...target }, { context: { idempotencyKey } }),
    [client, id, refundToken],
  );
  const why = view.state === "closed" ? t.claim.why : t.claim.late;
  return <OwedPanel order={view} why={why} noKey={t.keys.none} refund={refund} onChanged={session.lookNow} />;
}
