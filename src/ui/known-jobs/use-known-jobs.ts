"use client";

import { useSyncExternalStore } from "react";
import { type KnownJob, knownJobs, watchKnownJobs } from "./known-jobs";

const NONE: readonly KnownJob[] = [];

/** The jobs of this browser, newest first; none while the server renders. */
export const useKnownJobs = (): readonly KnownJob[] => useSyncExternalStore(watchKnownJobs, knownJobs, () => NONE);

export const useRefundToken = (jobId: string): string | null =>
  useKnownJobs().find((job) => job.jobId === jobId)?.refundToken ?? null;
