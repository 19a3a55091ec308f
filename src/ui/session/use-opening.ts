"use client";

import { useRouter } from "next/navigation";
import { useCallback, useRef, useState } from "react";
import { type Problem, problemOf } from "~/ui/api/problem";
import { useTRPCClient } from "~/ui/api/trpc";
import { askingDone, askingKey } from "~/ui/ask/asking-key";
import { rememberSession } from "~/ui/known-sessions/known-sessions";

const PLACE = "timmy.opening";

/** Opens a session, keeps its keys, and goes to its page. */
export function useOpening() {
  const client = useTRPCClient();
  const router = useRouter();
  const [opening, setOpening] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const underWay = useRef(false);

  const open = useCallback(
    async (amountSats: number) => {
      if (underWay.current) return;
      underWay.current = true;
      setOpening(true);
      setProblem(null);
      try {
        const idempotencyKey = askingKey(String(amountSats), window.sessionStorage, PLACE);
        const { sessionId, macaroon, refundToken, createdAt } = await client.sessions.create.mutate(
          { amountSats },
          { context: { idempotencyKey } },
        );
        askingDone(window.sessionStorage, PLACE);
        rememberSession({ sessionId, macaroon, refundToken, createdAt });
        router.push(`/sessions/${sessionId}`);
      } catch (error) {
        const found = problemOf(error);
        if (found.status !== null) askingDone(window.sessionStorage, PLACE);
        setProblem(found);
        setOpening(false);
      } finally {
        underWay.current = false;
      }
    },
    [client, router],
  );

  return { open, opening, problem };
}
