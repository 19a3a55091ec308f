"use client";

import { useQueries } from "@tanstack/react-query";
import { useTRPC } from "~/ui/api/trpc";
import { useKnownJobs } from "~/ui/known-jobs/use-known-jobs";
import { Receipt } from "~/ui/receipt/receipt";
import { texts } from "~/ui/texts";
import styles from "./last-receipt.module.css";

const t = texts.room.receipt;
/** So many of the newest jobs are asked for theirs. */
const LOOKED_AT = 5;

/** The slip of the job at hand, or of the newest in this browser that has one. */
export function LastReceipt({ jobId }: { jobId: string | null }) {
  const trpc = useTRPC();
  const known = useKnownJobs().map((job) => job.jobId);
  const ids = [...new Set(jobId === null ? known : [jobId, ...known])].slice(0, LOOKED_AT);
  const views = useQueries({
    queries: ids.map((id) => trpc.jobs.get.queryOptions({ jobId: id }, { staleTime: 0 })),
  });
  const job = views.find(({ data }) => data?.costLedger)?.data;
  if (job) return <Receipt job={job} />;
  return <p className={styles.empty}>{views.some(({ isPending }) => isPending) ? t.loading : t.empty}</p>;
}
