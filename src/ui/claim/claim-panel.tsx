"use client";

import { useMemo } from "react";
import type { JobView } from "~/modules/jobs/job-schema";
import { useTRPCClient } from "~/ui/api/trpc";
import { withRefundKey } from "~/ui/known-jobs/with-refund-key";
import { texts } from "~/ui/texts";
import { OwedPanel } from "./owed-panel";
import type { Refund } from "./use-claim";

const t = texts.claim;
type Props = { job: JobView; refundToken: string | null; onChanged: () => void };

/** What a job owes its payer. */
export function ClaimPanel({ job, refundToken, onChanged }: Props) {
  const client = useTRPCClient();
  const { jobId, state } = job;
  const refund = useMemo<Refund | null>(
    () =>
      refundToken === null
        ? null
        : (target, idempotencyKey) =>
            withRefundKey(jobId, refundToken, (token, again) =>
              client.jobs.refund.mutate(
                { jobId, refundToken: token, ...target },
                { context: { idempotencyKey: again ? `${idempotencyKey}-again` : idempotencyKey } },
              ),
            ),
    [client, jobId, refundToken],
  );
  const why = state === "complete" || state === "failed" ? t.why[state] : t.why.other;
  return <OwedPanel order={job} why={why} noKey={t.noKey} refund={refund} onChanged={onChanged} />;
}
