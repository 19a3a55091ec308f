"use client";

import { useMutation } from "@tanstack/react-query";
import { type Problem, problemOfBody } from "~/ui/api/problem";

class PlayMoneyRefused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.code ?? "refused");
  }
}

/** Pays an invoice of the simulated wallet through its dev route. */
export function usePlayMoney(paymentHash: string) {
  const payment = useMutation({
    mutationFn: async () => {
      const answer = await fetch(`/api/dev/stub/pay/${paymentHash}`, { method: "POST" });
      if (answer.ok) return;
      throw new PlayMoneyRefused(problemOfBody(answer.status, await answer.json().catch(() => null)));
    },
  });
  const problem: Problem | null = payment.isError
    ? payment.error instanceof PlayMoneyRefused
      ? payment.error.problem
      : { code: null, status: null, detail: null }
    : null;
  return { pay: () => payment.mutate(), paying: payment.isPending || payment.isSuccess, problem };
}
