"use client";

import { lazy, Suspense, useEffect } from "react";
import type { JobView } from "~/modules/jobs/job-schema";
import { Ended } from "./ended";
import { Working } from "./working";

/** Reading Markdown takes as much script as all the rest of the page: it comes once the page is usable. */
const loadAnswer = () => import("~/ui/answer/answer");
const Answer = lazy(async () => ({ default: (await loadAnswer()).Answer }));

/** What is happening to the job now, or what became of it. While it waits for money, the payment says it all. */
export function JobStage({ job, draft }: { job: JobView; draft: string }) {
  useEffect(() => {
    // Long before there is anything to read. What fails here is tried again when it is needed.
    loadAnswer().catch(() => {});
  }, []);
  return (
    <Suspense fallback={<Working phase="executing" />}>
      <Stage job={job} draft={draft} />
    </Suspense>
  );
}

function Stage({ job, draft }: { job: JobView; draft: string }) {
  switch (job.state) {
    case "awaiting_eval_payment":
    case "awaiting_work_payment":
      return null;
    case "evaluating":
      return <Working phase="evaluating" />;
    case "executing":
      return draft === "" ? <Working phase="executing" /> : <Answer text={draft} draft truncated={false} />;
    case "complete":
      // Its text may have been deleted since.
      return job.result === undefined ? null : (
        <Answer text={job.result} draft={false} truncated={job.truncated ?? false} />
      );
    case "rejected":
    case "failed":
    case "expired":
    case "cancelled":
      return <Ended job={job} state={job.state} />;
  }
}
