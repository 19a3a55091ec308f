import type { Database } from "~/db/client";
import type { AgentFailure, Usage } from "~/ports/agent";
import { addWithinLimit, correct } from "./free-budget-store";
import { callCostUsd, type TokenRates, type Tokens } from "./pricing";

/** The part of a call's outcome that tells what it cost. */
type Billed = { ok: true; value: { usage: Usage } } | { ok: false; error: AgentFailure };

/**
 * What free answers may cost us a day, by the UTC day of the database, counted for all processes together. A call is
 * counted at its worst before it is made, so that calls at once cannot go over, and corrected to its bill afterwards.
 * Where no bill came (a crash, a connection that broke) the worst stays counted: the call may have been billed.
 */
export function freeBudget(db: Pick<Database, "pool">, usdPerDay: number) {
  return {
    /** Makes the call if the day's budget bears its worst case; null where it does not. */
    async within<R extends Billed>(rates: TokenRates, worst: Tokens, call: () => Promise<R>): Promise<R | null> {
      const worstUsd = callCostUsd(worst, rates);
      const day = await addWithinLimit(db, worstUsd, usdPerDay);
      if (day === null) return null;
      const answer = await call();
      const usage = answer.ok ? answer.value.usage : answer.error.usage;
      if (usage) await correct(db, day, worstUsd, callCostUsd(usage, rates));
      return answer;
    },
  };
}
export type FreeBudget = ReturnType<typeof freeBudget>;
