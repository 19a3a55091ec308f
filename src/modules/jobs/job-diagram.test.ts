import { expect, test } from "vitest";
import { isEnd, JOB_MOVES, JOB_STATES } from "./job";

test("the diagram in the docs is drawn from the table", async () => {
  expect(JOB_MOVES).toHaveLength(18);
  await expect(diagram()).toMatchFileSnapshot("../../../docs/job-states.md");
});

/** Late payments, which move nothing, are left out of the picture: they can reach every end. */
function diagram(): string {
  const moves = JOB_MOVES.filter(({ event }) => event !== "paidLate");
  return [
    "# The life of a job",
    "",
    "Drawn from the table in `src/modules/jobs/job.ts` (`npx vitest run job-diagram -u`). At every end a payment that",
    "still shows up is owed to its payer in full, and moves nothing.",
    "",
    "```mermaid",
    "stateDiagram-v2",
    "  [*] --> awaiting_eval_payment",
    ...moves.map(({ from, event, to }) => `  ${from} --> ${to}: ${event}`),
    ...JOB_STATES.filter(isEnd).map((state) => `  ${state} --> [*]`),
    "```",
    "",
  ].join("\n");
}
