import { assert } from "~/core/assert";
import { ZERO_SATS } from "~/core/money";
import type { Database } from "~/db/client";
import { lockEscrow } from "~/modules/ledger/ledger-service";
import { billOf } from "~/modules/pool/pool";
import { actualPrice } from "~/modules/pricing/pricing";
import { fromRecord, type QuoteRecord } from "~/modules/pricing/quote-schema";
import type { Agent, AgentFailure, Work } from "~/ports/agent";
import { type StepDeps, step, WORK_TASK } from "./job-step";
import { type Attempt, appendDelta, beginWork, dropDeltas, lockJob } from "./job-store";
import { answerStream } from "./job-stream";
import { TEXTS } from "./job-texts";
import { retryPauseMs, untilDeadline } from "./job-timing";

export type WorkDeps = StepDeps & { db: Database; agent: Agent };

/** Does the paid work and settles its price. Safe to run again at any point, like the evaluation. */
export function jobWork(deps: WorkDeps) {
  const { db, agent, clock } = deps;

  async function run(jobId: string, shutdown: AbortSignal): Promise<void> {
    const attempt = await beginWork(db, jobId);
    if (!attempt) return;
    const { quote } = attempt;
    assert(quote, "work is paid for by its quote");
    const limit = untilDeadline(attempt.deadlineAt, clock.now(), shutdown);
    if (limit.expired) return fail(jobId, attempt, TEXTS.workTimedOut);

    const stale = new AbortController();
    const stream = answerStream(async (text) => {
      if (!(await appendDelta(db, jobId, attempt.attempt, text))) stale.abort();
    });
    const done = await agent.work(attempt.request, {
      maxTokens: quote.maxTokens,
      signal: AbortSignal.any([limit.signal, stale.signal]),
      onText: stream.push,
    });
    await stream.end();
    if (shutdown.aborted) throw new Error("shutting down: another worker will do the work");
    if (done.ok) return complete(jobId, attempt, quote, done.value);
    return giveUpOrRetry(jobId, attempt, done.error);
  }

  function giveUpOrRetry(jobId: string, attempt: Attempt, failure: AgentFailure): Promise<void> {
    if (failure.code === "agentRefused") return fail(jobId, attempt, TEXTS.workRefused, "workRefused");
    if (failure.code === "agentEmpty" || failure.code === "agentNonsense") return fail(jobId, attempt, TEXTS.workEmpty);
    const now = clock.now().getTime();
    const deadline = attempt.deadlineAt.getTime();
    if (now >= deadline) return fail(jobId, attempt, TEXTS.workTimedOut);
    return tryAgain(jobId, attempt.attempt, new Date(Math.min(now + retryPauseMs(attempt.attempt), deadline)));
  }

  /** A stale attempt schedules no retry: its new task would make the current attempt stale in turn, and so on. */
  const tryAgain = (jobId: string, attempt: number, runAt: Date): Promise<void> =>
    db.inTx(async (tx) => {
      const job = await lockJob(tx, jobId);
      if (job?.attempt !== attempt || job.state !== "executing") return;
      await deps.enqueue(tx, WORK_TASK, { jobId }, { jobKey: `work:${jobId}`, runAt });
    });

  const complete = (jobId: string, { attempt, request }: Attempt, quote: QuoteRecord, work: Work): Promise<void> =>
    db.inTx(async (tx) => {
      const job = await lockJob(tx, jobId);
      if (job?.attempt !== attempt || job.state !== "executing") return;
      await dropDeltas(tx, jobId);
      const paidSats = await lockEscrow(tx, jobId);
      const reservedSats = job.coveredSats > ZERO_SATS ? await deps.pool.reservedFor(tx, jobId) : ZERO_SATS;
      const price = actualPrice({ work: work.usage }, fromRecord(quote));
      const bill = billOf(price.actualAmountSats, { reservedSats, paidSats });
      const actual = {
        inputTokens: work.usage.inputTokens,
        outputTokens: work.usage.outputTokens,
        costUsd: price.actualCostUsd,
        amountSats: bill.chargedSats.toString(),
        workAmountSats: paidSats.toString(),
        absorbedSats: bill.absorbedSats.toString(),
        shortfallSats: bill.shortfallSats.toString(),
      };
      const outcome = { actual, result: work.text, truncated: work.truncated, finished: { bill, request } };
      await step(tx, job, "workDone", outcome, deps);
    });

  const fail = (
    jobId: string,
    { attempt }: Attempt,
    errorMessage: string,
    event: "workFailed" | "workRefused" = "workFailed",
  ): Promise<void> =>
    db.inTx(async (tx) => {
      const job = await lockJob(tx, jobId);
      if (job?.attempt !== attempt || job.state !== "executing") return;
      await dropDeltas(tx, jobId);
      await step(tx, job, event, { errorMessage }, deps);
    });

  return { run };
}
