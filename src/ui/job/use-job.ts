"use client";

import { useEffect } from "react";
import { refundTokenOf, rememberJob, rememberJobKey } from "~/ui/known-jobs/known-jobs";
import { useKeyFromLink } from "~/ui/known-jobs/use-key-from-link";
import { useRefundToken } from "~/ui/known-jobs/use-known-jobs";
import { useJobFeed } from "./use-job-feed";

const KEYS = { of: refundTokenOf, remember: rememberJobKey };

/** One job, live, with the key to its money where this browser has it. */
export function useJob(jobId: string) {
  useKeyFromLink(jobId, KEYS);
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
