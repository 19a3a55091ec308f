import { unreachable } from "~/core/assert";
import { minSats, type Sats, subtractSats, ZERO_SATS } from "~/core/money";
import { err, ok, type Result } from "~/core/result";
import type { Tx } from "~/db/client";
import type { Enqueue } from "~/db/queue";
import { becameOwed, earned, type Line } from "~/modules/ledger/ledger";
import { lockEscrow, post } from "~/modules/ledger/ledger-service";
import type { Clock } from "~/ports/clock";
import { type Effect, type IllegalMove, type JobEvent, type JobState, transition } from "./job";
import { type JobChange, type LockedJob, moveJob } from "./job-store";

export const EVALUATE_TASK = "evaluate";
export const WORK_TASK = "work";

export type StepDeps = {
  clock: Clock;
  enqueue: Enqueue;
  timeouts: { evalSeconds: number; workSeconds: number };
  /** Hears of every change of state, in its transaction. */
  onMoved?: (tx: Tx, from: JobState, to: JobState) => void;
};
/** The actual price of finished work; the other events carry none. */
export type StepInput = JobChange & { priceSats?: Sats };

/**
 * One step of a job's life: state, money, next task and the watchers' event, all in the caller's transaction.
 * The job must be locked. Returns the new state, or the move that the table does not have.
 */
export async function step(
  tx: Tx,
  job: LockedJob,
  event: JobEvent,
  { priceSats, ...change }: StepInput,
  deps: StepDeps,
): Promise<Result<JobState, IllegalMove>> {
  const next = transition(job.state, event);
  if (!next.ok) return err(next.error);
  const { to, effects } = next.value;
  const now = deps.clock.now();
  await moveJob(tx, job, to, { ...change, deadlineAt: deadlineOf(to, now, deps) }, now);
  for (const effect of effects) await perform(tx, job, effect, priceSats, deps);
  if (to !== job.state) deps.onMoved?.(tx, job.state, to);
  return ok(to);
}

function deadlineOf(state: JobState, now: Date, { timeouts }: StepDeps): Date | null {
  if (state === "evaluating") return new Date(now.getTime() + timeouts.evalSeconds * 1000);
  if (state === "executing") return new Date(now.getTime() + timeouts.workSeconds * 1000);
  return null;
}

async function perform(
  tx: Tx,
  job: LockedJob,
  effect: Effect,
  priceSats: Sats | undefined,
  deps: StepDeps,
): Promise<void> {
  switch (effect) {
    case "evaluate":
      return deps.enqueue(tx, EVALUATE_TASK, { jobId: job.id }, { jobKey: `evaluate:${job.id}` });
    case "work":
      return deps.enqueue(tx, WORK_TASK, { jobId: job.id }, { jobKey: `work:${job.id}` });
    case "earnEvalFee":
      return closeEscrow(tx, job.id, "judged", job.evalFeeSats);
    case "oweEvalFee":
      return closeEscrow(tx, job.id, "judging-failed", ZERO_SATS);
    case "settleWork":
      if (priceSats === undefined) throw new Error("finished work needs its price");
      return closeEscrow(tx, job.id, "work-done", priceSats);
    case "oweWork":
      return closeEscrow(tx, job.id, "work-failed", ZERO_SATS);
    case "oweLatePayment":
      // The settlement itself books a late payment as owed: nothing of it passes through escrow.
      return;
    default:
      unreachable(effect);
  }
}

/** Empties the job's escrow: at most the price is earned, the rest is owed to the payer. */
async function closeEscrow(tx: Tx, jobId: string, name: string, price: Sats): Promise<void> {
  const held = await lockEscrow(tx, jobId);
  const earnedSats = minSats(price, held);
  const lines: Line[] = [earned(jobId, earnedSats), becameOwed(jobId, subtractSats(held, earnedSats))];
  await post(tx, { key: `job:${jobId}:${name}`, lines });
}
