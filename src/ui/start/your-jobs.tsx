"use client";

import { useKnownJobs } from "~/ui/known-jobs/use-known-jobs";
import { OrderList } from "~/ui/order-list/order-list";
import { texts } from "~/ui/texts";
import { JobRow } from "./job-row";

const t = texts.start;

export function YourJobs() {
  return (
    <OrderList id="your-jobs" heading={t.jobsHeading} empty={t.jobsEmpty}>
      {useKnownJobs().map((job) => (
        <JobRow key={job.jobId} job={job} />
      ))}
    </OrderList>
  );
}
