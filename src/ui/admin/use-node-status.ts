"use client";

import { useQuery } from "@tanstack/react-query";
import type { NodeStatus } from "~/modules/operator/operator-schema";
import { fetchStatus, OperatorRefused } from "./operator-api";

const FIRST_MS = 5_000;
const LONGEST_MS = 60_000;
const STEP = 1.5;
export const STATUS_KEY = "node-status";

/** Refreshes by itself, less and less often while nothing changes, and not at all in a hidden tab. */
export function useNodeStatus(token: string) {
  return useQuery({
    queryKey: [STATUS_KEY, token],
    queryFn: async ({ signal, client }) => {
      const seen = client.getQueryData<Seen>([STATUS_KEY, token]);
      const status = await fetchStatus(token, signal);
      const unchanged = seen !== undefined && matterOf(seen.status) === matterOf(status);
      return { status, pauseMs: unchanged ? Math.min(seen.pauseMs * STEP, LONGEST_MS) : FIRST_MS } satisfies Seen;
    },
    refetchInterval: ({ state }) => (isShut(state.error) ? false : (state.data?.pauseMs ?? FIRST_MS)),
    refetchIntervalInBackground: false,
    retry: false,
    staleTime: 0,
  });
}

type Seen = { status: NodeStatus; pauseMs: number };

/** A refused token is not worth trying again. */
export const isShut = (error: unknown): error is OperatorRefused =>
  error instanceof OperatorRefused && (error.problem.status === 401 || error.problem.status === 429);

/** What an operator would call a change; clocks and ages do not count. */
function matterOf({ problems, money, payouts, queue, processes, acts }: NodeStatus): string {
  const living = processes.map(({ id, alive }) => [id, alive]);
  return JSON.stringify([problems.map(({ code }) => code), money, payouts, queue.failing, living, acts]);
}
