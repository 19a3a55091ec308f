"use client";

import { lazy, Suspense, useMemo } from "react";
import { JobPlace } from "~/ui/ask/job-place";
import { ExportKept } from "~/ui/export/export-kept";
import { JobLoading } from "~/ui/job/job-loading";
import { HowItWorks } from "~/ui/start/how-it-works";
import { RequestForm } from "~/ui/start/request-form";
import { YourJobs } from "~/ui/start/your-jobs";
import { showHashJob } from "./hash-job";

/** What pays, watches and claims is not needed before somebody has asked. */
const JobInPanel = lazy(async () => ({ default: (await import("./job-in-panel")).JobInPanel }));

/** From the request to the change, without leaving the room. */
export function Hire({ jobId, onReceipt }: { jobId: string | null; onReceipt: () => void }) {
  const place = useMemo(() => ({ show: showHashJob, another: () => showHashJob(null) }), []);
  return (
    <JobPlace value={place}>
      {jobId === null ? (
        <>
          <RequestForm />
          <div>
            <YourJobs />
            <ExportKept />
          </div>
          <HowItWorks />
        </>
      ) : (
        <Suspense fallback={<JobLoading />}>
          <JobInPanel key={jobId} jobId={jobId} onAnother={place.another} onReceipt={onReceipt} />
        </Suspense>
      )}
    </JobPlace>
  );
}
