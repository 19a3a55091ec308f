import { err, ok, type Result } from "~/core/result";
import type { FreeBudget } from "~/modules/pricing/free-budget-service";
import type { TokenRates } from "~/modules/pricing/pricing";
import type { Agent, AgentFailure, Work } from "~/ports/agent";
import type { DemoAnswer } from "./demo-schema";

type TooMany = { code: "tooManyRequests"; retryAfterSeconds: number };
/** Counts a client's tastes: how many are left after this one, or for how long there is none. */
type DemoLimit = (clientKey: string) => Promise<Result<{ remaining: number }, TooMany>>;

export type DemoError =
  | TooMany
  /** The model declined. It will again. */
  | { code: "demoRefused" }
  /** It could not be reached, or said nothing. */
  | { code: "modelUnavailable" };

type Deps = {
  agent: Agent;
  /** Answers when the budget is used up: costs nothing. */
  understudy: Agent;
  budget: FreeBudget;
  limit: DemoLimit;
  /** Of the model that gives tastes. */
  rates: TokenRates;
};

const LONGEST_MS = 30_000;

/** A free taste: a short answer of the cheap model, a few an hour for each visitor, within what a day may cost us. */
export function demoService({ agent, understudy, budget, limit, rates }: Deps) {
  return {
    async taste(clientKey: string, request: string): Promise<Result<DemoAnswer, DemoError>> {
      const taken = await limit(clientKey);
      if (!taken.ok) return taken;
      const { answer, canned } = await ask(request, AbortSignal.timeout(LONGEST_MS));
      if (answer.ok) {
        const { text: result, truncated } = answer.value;
        return ok({ result, truncated, canned, remaining: taken.value.remaining });
      }
      // It counts all the same: the model may have been paid for it.
      return err({ code: answer.error.code === "agentRefused" ? "demoRefused" : "modelUnavailable" });
    },
  };

  async function ask(request: string, signal: AbortSignal): Promise<{ answer: Answer; canned: boolean }> {
    if (agent.kind === "canned") return { answer: await agent.demo(request, signal), canned: true };
    const worst = {
      // No token is shorter than a byte.
      inputTokens: new TextEncoder().encode(request).length + agent.promptBytes.demo,
      outputTokens: agent.demoMaxTokens,
    };
    const answer = await budget.within(rates, worst, () => agent.demo(request, signal));
    return answer ? { answer, canned: false } : { answer: await understudy.demo(request, signal), canned: true };
  }
}
export type DemoService = ReturnType<typeof demoService>;
type Answer = Result<Work, AgentFailure>;
