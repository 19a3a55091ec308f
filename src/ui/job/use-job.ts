"use client";

import { useEffect } from "react";
import { rememberJob } from "~/ui/known-jobs/known-jobs";
import { useRefundToken } from "~/ui/known-jobs/use-known-jobs";
import { useRefundKeyFromLink } from "~/ui/known-jobs/use-refund-key-from-link";
import { useJobFeed } from "./use-job-feed";

/** One job, live, with the key to its money where this browser has it. */
export function useJob(jobId: string) {
  useRefundKeyFromLink(jobId);
  const refundToken = useRefundToken(jobId);
  const feed = useJobFeed(jobId);

  // A job that came by a link with its key is one of this browser's too, with a name to know it by.
  const request = feed.job?.request;
  const createdAt = feed.job?.createdAt;
  useEffect(() => {
    if (refundToken !== null && request && createdAt) rememberJob({ jobId, refundToken, createdAt, title: request });
  }, [jobId, refundToken, request, createdAt]);

  return { ...feed, refundToken };
}
