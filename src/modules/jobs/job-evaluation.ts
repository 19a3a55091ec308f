import { type Sats, sats, subtractSats } from "~/core/money";
import { err, type Result } from "~/core/result";
import type { Database } from "~/db/client";
import type { InvoiceService } from "~/modules/invoices/invoice-service";
import type { Pricing } from "~/modules/pricing/pricing-service";
import { type QuoteRecord, toRecord } from "~/modules/pricing/quote-schema";
import type { Agent, AgentFailure, Judgement } from "~/ports/agent";
import type { JobEvent } from "./job";
import { EVALUATE_TASK, type StepDeps, type StepInput, step } from "./job-step";
import { type Attempt, beginAttempt, keepQuote, lockJob } from "./job-store";
import { TEXTS } from "./job-texts";
import { retryPauseMs, untilDeadline } from "./job-timing";

export type EvaluationDeps = StepDeps & {
  db: Database;
  agent: Agent;
  pricing: Pricing;
  invoices: InvoiceService;
  invoiceExpirySeconds: number;
};

/**
 * Judges a paid request and, where it is acceptable, asks for the price of the work. Safe to run again at any point:
 * each run takes a fencing number, and what an older one brings home is dropped.
 */
export function jobEvaluation(deps: EvaluationDeps) {
  const { db, agent, pricing, invoices, clock } = deps;

  async function run(jobId: string, shutdown: AbortSignal): Promise<void> {
    const attempt = await beginAttempt(db.prisma, jobId, "evaluating");
    if (!attempt) return;
    // Judged before, but the wallet could not make the invoice yet: the judgement stands.
    if (attempt.quote) return askForPayment(jobId, attempt.attempt, attempt.quote, attempt.coveredSats);

    const limit = untilDeadline(attempt.deadlineAt, clock.now(), shutdown);
    const judged = limit.expired
      ? err({ code: "agentUnreachable" as const, detail: "deadline" })
      : await judge(attempt, limit.signal);
    if (shutdown.aborted) throw new Error("shutting down: another worker will judge");
    if (!judged.ok) {
      const leftMs = attempt.deadlineAt.getTime() - clock.now().getTime();
      const canWait = judged.error.code === "agentUnreachable" && leftMs > 0;
      return canWait
        ? tryAgain(jobId, attempt.attempt, Math.min(retryPauseMs(attempt.attempt), leftMs))
        : finish(jobId, attempt.attempt, "evalFailed", { errorMessage: TEXTS.judgeFailed });
    }
    if (judged.value.verdict === "unacceptable") {
      return finish(jobId, attempt.attempt, "judgedUnacceptable", { reason: judged.value.reason });
    }
    const quote = toRecord(await pricing.quote(attempt.request, ["work"]));
    const coveredSats = await decideWhoPays(jobId, attempt.attempt, quote);
    if (coveredSats !== null) await askForPayment(jobId, attempt.attempt, quote, coveredSats);
  }

  /** An answer that is not the judge's form gets one more try, then it is a failed evaluation, never an approval. */
  async function judge(attempt: Attempt, signal: AbortSignal): Promise<Result<Judgement, AgentFailure>> {
    const first = await agent.judge(attempt.request, signal);
    const nonsense = !first.ok && first.error.code !== "agentUnreachable";
    return nonsense ? agent.judge(attempt.request, signal) : first;
  }

  /**
   * Where the pool covers everything, the work begins with this transaction. Otherwise returns the part that the pool
   * has pledged; it is kept with the quote, so that every later attempt asks for the same payment. Null where there is
   * nothing to ask for.
   */
  const decideWhoPays = (jobId: string, attempt: number, quote: QuoteRecord): Promise<Sats | null> =>
    db.inTx(async (tx) => {
      const job = await lockJob(tx, jobId);
      if (job?.attempt !== attempt || job.state !== "evaluating") return null;
      const { serve, absorbSats } = await deps.pool.decide(tx, job.pubkey, jobId, sats(BigInt(quote.quoteSats)));
      if (serve === "free") {
        await step(tx, job, "judgedFree", { quote, coveredSats: absorbSats }, deps);
        return null;
      }
      await keepQuote(tx, jobId, quote, absorbSats);
      return absorbSats;
    });

  /** Makes the invoice of the work and moves the job on with it; waits patiently while the wallet is down. */
  async function askForPayment(jobId: string, attempt: number, quote: QuoteRecord, coveredSats: Sats): Promise<void> {
    const amountSats = subtractSats(sats(BigInt(quote.quoteSats)), coveredSats);
    const issued = await invoices.issue({
      amountSats,
      memo: "Timmy's Workshop: have the work done",
      expirySeconds: deps.invoiceExpirySeconds,
    });
    if (!issued.ok) return tryAgain(jobId, attempt, retryPauseMs(attempt));
    await db.inTx(async (tx) => {
      const job = await lockJob(tx, jobId);
      if (!job || job.attempt !== attempt || job.state !== "evaluating") return;
      await invoices.record(tx, issued.value, amountSats, { orderKind: "job", orderId: jobId, purpose: "work" });
      await step(tx, job, "judgedAcceptable", {}, deps);
    });
  }

  const finish = (jobId: string, attempt: number, event: JobEvent, input: StepInput): Promise<void> =>
    db.inTx(async (tx) => {
      const job = await lockJob(tx, jobId);
      if (job?.attempt === attempt && job.state === "evaluating") await step(tx, job, event, input, deps);
    });

  /** A stale attempt schedules no retry: its new task would make the current attempt stale in turn, and so on. */
  const tryAgain = (jobId: string, attempt: number, pauseMs: number): Promise<void> =>
    db.inTx(async (tx) => {
      const job = await lockJob(tx, jobId);
      if (job?.attempt !== attempt || job.state !== "evaluating") return;
      const runAt = new Date(clock.now().getTime() + pauseMs);
      await deps.enqueue(tx, EVALUATE_TASK, { jobId }, { jobKey: `evaluate:${jobId}`, runAt });
    });

  return { run };
}
