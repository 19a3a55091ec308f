"use client";

import { useCallback, useRef, useState } from "react";
import { randomHex } from "~/core/ids";
import type { JobView } from "~/modules/jobs/job-schema";
import type { RefundAnswer } from "~/modules/orders/order-schema";
import { type Problem, problemOf } from "~/ui/api/problem";

export type ClaimTarget = { invoice: string } | { lightningAddress: string } | { lnurl: true };
export type WithdrawCode = Extract<RefundAnswer, { lnurl: string }>;

/** What belongs to an order's payer, whatever kind of order it is. */
export type Owed = Pick<JobView, "owedSats" | "payout">;
/** Asks the server for what an order owes; the same key again is the same claim. */
export type Refund = (target: ClaimTarget, idempotencyKey: string) => Promise<RefundAnswer>;

/** Claims what an order owes. `onSent` is called when the sats are on their way. */
export function useClaim(refund: Refund, onSent: () => void) {
  const [claiming, setClaiming] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [code, setCode] = useState<WithdrawCode | null>(null);
  // The same target keeps its key, so that a lost answer is asked for again and not claimed again.
  const sent = useRef<{ target: string; key: string } | null>(null);

  const claim = useCallback(
    async (target: ClaimTarget) => {
      const name = JSON.stringify(target);
      if (sent.current?.target !== name || "lnurl" in target) sent.current = { target: name, key: randomHex(16) };
      setClaiming(true);
      setProblem(null);
      try {
        const answer = await refund(target, sent.current.key);
        if ("lnurl" in answer) setCode(answer);
        else onSent();
      } catch (error) {
        const found = problemOf(error);
        setProblem(found);
        // A refusal is final for its key; only silence is worth the same key again.
        if (found.status !== null) sent.current = null;
      } finally {
        setClaiming(false);
      }
    },
    [refund, onSent],
  );

  return { claim, claiming, problem, code, clear: () => setProblem(null) };
}
