"use client";

import type { JobView } from "~/modules/jobs/job-schema";
import { Answer, AnswerDraft } from "~/ui/answer/answer";
import { Ended } from "./ended";
import { Working } from "./working";

/** What is happening to the job now, or what became of it. While it waits for money, the payment says it all. */
export function JobStage({ job, draft }: { job: JobView; draft: string }) {
  switch (job.state) {
    case "awaiting_eval_payment":
    case "awaiting_work_payment":
      return null;
    case "evaluating":
      return <Working phase="evaluating" />;
    case "executing":
      return draft === "" ? <Working phase="executing" /> : <AnswerDraft text={draft} />;
    case "complete":
      // Its text may have been deleted since.
      return job.result === undefined ? null : <Answer text={job.result} truncated={job.truncated ?? false} />;
    case "rejected":
    case "failed":
    case "expired":
    case "cancelled":
      return <Ended job={job} state={job.state} />;
  }
}
