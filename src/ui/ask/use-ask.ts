"use client";

import { useRouter } from "next/navigation";
import { useCallback, useRef, useState } from "react";
import { type Problem, problemOf } from "~/ui/api/problem";
import { useTRPCClient } from "~/ui/api/trpc";
import { rememberJob } from "~/ui/known-jobs/known-jobs";
import { askingDone, askingKey } from "./asking-key";
import { useJobPlace } from "./job-place";

/** Makes a job of a request, remembers it with its key, and shows it: where jobs are shown here, else on its page. `request` is trimmed and valid. */
export function useAsk() {
  const client = useTRPCClient();
  const router = useRouter();
  const place = useJobPlace();
  const [asking, setAsking] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const underWay = useRef(false);

  const ask = useCallback(
    async (request: string) => {
      if (underWay.current) return;
      underWay.current = true;
      setAsking(true);
      setProblem(null);
      try {
        const idempotencyKey = askingKey(request, window.sessionStorage);
        const { jobId, refundToken, createdAt } = await client.jobs.create.mutate(
          { request },
          { context: { idempotencyKey } },
        );
        askingDone(window.sessionStorage);
        rememberJob({ jobId, refundToken, createdAt, title: request });
        if (place) place.show(jobId);
        else router.push(`/jobs/${jobId}`);
      } catch (error) {
        // A key that was used up for another text is of no more use.
        if (problemOf(error).code === "IDEMPOTENCY_KEY_REUSED") askingDone(window.sessionStorage);
        setProblem(problemOf(error));
        setAsking(false);
      } finally {
        underWay.current = false;
      }
    },
    [client, router, place],
  );

  return { ask, asking, problem };
}
