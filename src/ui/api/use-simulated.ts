"use client";

import { useQuery } from "@tanstack/react-query";
import { z } from "zod";

/** The parts that are simulated, in plain words of the server's. */
const Health = z.object({ simulated: z.array(z.string()) });

/** Which parts of the server only pretend; neither while that is not known yet. */
export function useSimulated(): { wallet: boolean; agent: boolean } {
  const health = useQuery({
    queryKey: ["healthz"],
    queryFn: async () => Health.parse(await (await fetch("/api/healthz")).json()),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const parts = health.data?.simulated ?? [];
  const some = (start: RegExp) => parts.some((part) => start.test(part));
  return { wallet: some(/^lightning wallet/i), agent: some(/^agent/i) };
}
