"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "~/ui/api/trpc";
import { forgetJob, type KnownJob } from "~/ui/known-jobs/known-jobs";
import { OrderRow } from "~/ui/order-list/order-row";
import { texts } from "~/ui/texts";

export function JobRow({ job }: { job: KnownJob }) {
  const trpc = useTRPC();
  const { jobId, title, createdAt } = job;
  // Always fetched again: what was true on the last visit to this page may be long past.
  const view = useQuery(trpc.jobs.get.queryOptions({ jobId }, { staleTime: 0 }));
  return (
    <OrderRow
      name={title || texts.start.jobsUntitled}
      href={`/jobs/${jobId}`}
      createdAt={createdAt}
      told={view}
      state={view.data && texts.job.states[view.data.state]}
      owedSats={view.data?.owedSats}
      onForget={() => forgetJob(jobId)}
    />
  );
}
