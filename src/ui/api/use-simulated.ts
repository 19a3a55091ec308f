"use client";

import { useQuery } from "@tanstack/react-query";
import { isObject } from "~/ui/kept/read-json";

/** The parts that are simulated, in plain words of the server's. */
function readHealth(given: unknown): { simulated: string[] } {
  const simulated: unknown = isObject(given) ? given.simulated : null;
  if (!Array.isArray(simulated) || !simulated.every((part) => typeof part === "string"))
    throw new Error("The answer to /api/healthz names no simulated parts.");
  return { simulated };
}

/** Which parts of the server are simulated; neither while that is not known yet. */
export function useSimulated(): { wallet: boolean; agent: boolean } {
  const health = useQuery({
    queryKey: ["healthz"],
    queryFn: async () => readHealth(await (await fetch("/api/healthz")).json()),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const parts = health.data?.simulated ?? [];
  const some = (start: RegExp) => parts.some((part) => start.test(part));
  return { wallet: some(/^lightning wallet/i), agent: some(/^agent/i) };
}
