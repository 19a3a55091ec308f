"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { problemOf } from "~/ui/api/problem";
import { useTRPC } from "~/ui/api/trpc";
import { satsText } from "~/ui/controls/amounts";
import { Button } from "~/ui/controls/button";
import { LocalTime } from "~/ui/controls/local-time";
import { forgetJob, type KnownJob } from "~/ui/known-jobs/known-jobs";
import { texts } from "~/ui/texts";
import { orderListTexts } from "~/ui/texts/order-list";
import styles from "./job-row.module.css";

const t = texts.start;

export function JobRow({ job }: { job: KnownJob }) {
  const trpc = useTRPC();
  // Always asked anew: what was true on the last visit to this page may be long past.
  const view = useQuery(trpc.jobs.get.queryOptions({ jobId: job.jobId }, { staleTime: 0 }));
  const gone = view.isError && problemOf(view.error).status === 404;
  const title = job.title || t.jobsUntitled;

  if (gone) {
    return (
      <li className={styles.row}>
        <span className={styles.title}>{title}</span>
        <span className={styles.state}>{orderListTexts.gone}</span>
        <Button look="quiet" aria-label={t.jobsForgetOne(title)} onClick={() => forgetJob(job.jobId)}>
          {orderListTexts.forget}
        </Button>
      </li>
    );
  }
  return (
    <li className={styles.row}>
      <Link href={`/jobs/${job.jobId}`} className={styles.title}>
        {title}
      </Link>
      <span className={styles.date}>
        <LocalTime iso={job.createdAt} />
      </span>
      <span className={styles.state} data-state={view.data?.state}>
        {view.data ? texts.job.states[view.data.state] : view.isError ? orderListTexts.unreached : "…"}
        {view.data && view.data.owedSats > 0 && (
          <span className={styles.owed}>{orderListTexts.owed(satsText(view.data.owedSats))}</span>
        )}
      </span>
    </li>
  );
}
