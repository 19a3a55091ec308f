"use client";

import { useRouter } from "next/navigation";
import { useCallback, useRef, useState } from "react";
import { type Problem, problemOf } from "~/ui/api/problem";
import { useTRPCClient } from "~/ui/api/trpc";
import { askingDone, askingKey } from "~/ui/ask/asking-key";
import { rememberNode } from "~/ui/known-nodes/known-nodes";

const PLACE = "timmy.ordering";

/** Orders a node, keeps the order's key, and goes to its page. */
export function useOrdering() {
  const client = useTRPCClient();
  const router = useRouter();
  const [ordering, setOrdering] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const underWay = useRef(false);

  const order = useCallback(async () => {
    if (underWay.current) return;
    underWay.current = true;
    setOrdering(true);
    setProblem(null);
    try {
      const idempotencyKey = askingKey("node", window.sessionStorage, PLACE);
      const made = await client.bootstrap.create.mutate({}, { context: { idempotencyKey } });
      askingDone(window.sessionStorage, PLACE);
      const { bootstrapJobId, refundToken, createdAt } = made;
      rememberNode({ bootstrapJobId, refundToken, createdAt });
      router.push(`/bootstrap/${bootstrapJobId}`);
    } catch (error) {
      const found = problemOf(error);
      if (found.status !== null) askingDone(window.sessionStorage, PLACE);
      setProblem(found);
      setOrdering(false);
    } finally {
      underWay.current = false;
    }
  }, [client, router]);

  return { order, ordering, problem };
}
