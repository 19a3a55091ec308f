"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTRPC } from "~/ui/api/trpc";
import { texts } from "~/ui/texts";

const PAUSE_MS = 350;
/** Stands in while nothing is written yet, so that the costs are there from the first second. */
const EXAMPLE: string = texts.start.sampleRequests[0];

/** What a request would cost, asked when the typing pauses. An empty or faulty one is priced as a short example. */
export function useEstimate(request: string | null) {
  const trpc = useTRPC();
  const asked = useSettled(request ?? EXAMPLE);
  const estimate = useQuery(
    trpc.estimate.queryOptions({ request: asked }, { placeholderData: keepPreviousData, staleTime: 30_000 }),
  );
  return { estimate: estimate.data, failed: estimate.isError, isExample: request === null };
}

/** The value once it has been left alone for a moment. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
