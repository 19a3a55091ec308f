import { assert, unreachable } from "~/core/assert";
import { minSats, type Sats, subtractSats, ZERO_SATS } from "~/core/money";
import { err, ok, type Result } from "~/core/result";
import type { Tx } from "~/db/client";
import type { Enqueue } from "~/db/queue";
import { becameOwed, earned, poolCredited } from "~/modules/ledger/ledger";
import { lockEscrow, post } from "~/modules/ledger/ledger-service";
import type { Bill } from "~/modules/pool/pool";
import type { PoolMoved, PoolService } from "~/modules/pool/pool-service";
import type { TrustService } from "~/modules/trust/trust-service";
import type { Clock } from "~/ports/clock";
import { type Effect, type IllegalMove, type JobEvent, type JobState, transition } from "./job";
import { type JobChange, type LockedJob, moveJob } from "./job-store";

export const EVALUATE_TASK = "evaluate";
export const WORK_TASK = "work";

export type StepDeps = {
  clock: Clock;
  enqueue: Enqueue;
  timeouts: { evalSeconds: number; workSeconds: number };
  pool: PoolService;
  trust: TrustService;
  /** Hears of every change of state, in its transaction. */
  onMoved?: (tx: Tx, from: JobState, to: JobState) => void;
  /** Hears what finished work did to the pool, in its transaction. */
  onPoolMoved?: (tx: Tx, moved: PoolMoved) => void;
};
/** Who pays for finished work, and what it was asked for; the other events carry none. */
export type StepInput = JobChange & { finished?: Finished };
type Finished = { request: string; bill: Bill };

/**
 * One step of a job's life: state, money, next task and the watchers' event, all in the caller's transaction.
 * The job must be locked. Returns the new state, or the move that the table does not have.
 */
export async function step(
  tx: Tx,
  job: LockedJob,
  event: JobEvent,
  { finished, ...change }: StepInput,
  deps: StepDeps,
): Promise<Result<JobState, IllegalMove>> {
  const next = transition(job.state, event);
  if (!next.ok) return err(next.error);
  const { to, effects } = next.value;
  const now = deps.clock.now();
  await moveJob(tx, job, to, { ...change, deadlineAt: deadlineOf(to, now, deps) }, now);
  for (const effect of effects) await perform(tx, job, effect, finished, deps);
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
  finished: Finished | undefined,
  deps: StepDeps,
): Promise<void> {
  switch (effect) {
    case "evaluate":
      return deps.enqueue(tx, EVALUATE_TASK, { jobId: job.id }, { jobKey: `evaluate:${job.id}` });
    case "work":
      return deps.enqueue(tx, WORK_TASK, { jobId: job.id }, { jobKey: `work:${job.id}` });
    case "earnEvalFee":
      return closeEscrow(tx, job.id, "judged", { earnedSats: job.evalFeeSats });
    case "oweEvalFee":
      return closeEscrow(tx, job.id, "judging-failed", { earnedSats: ZERO_SATS });
    case "takePledge":
      if (reliesOnPool(job)) await deps.pool.takePledge(tx, job.pubkey, job.id);
      return;
    case "dropPledge":
      if (reliesOnPool(job)) await deps.pool.dropPledge(tx, job.id);
      return;
    case "releaseReserved":
      if (reliesOnPool(job)) await deps.pool.release(tx, orderOf(job));
      return;
    case "settleWork":
      if (!finished) throw new Error("finished work needs its bill");
      return settleWork(tx, job, finished, deps);
    case "oweWork":
      return closeEscrow(tx, job.id, "work-failed", { earnedSats: ZERO_SATS });
    case "oweLatePayment":
      // The settlement itself books a late payment as owed: nothing of it passes through escrow.
      return;
    case "countRefusal":
      if (job.pubkey !== null) await deps.trust.happened(tx, job.pubkey, "refused", ZERO_SATS);
      return;
    default:
      unreachable(effect);
  }
}

const orderOf = (job: LockedJob) => ({ orderKind: "job", orderId: job.id });
const reliesOnPool = (job: LockedJob): job is LockedJob & { pubkey: string } =>
  job.pubkey !== null && job.coveredSats > ZERO_SATS;

/**
 * Locks the identity, then the pool, as late as possible. The job's own accounts may be locked earlier: whoever holds
 * the job's row has them exclusively.
 */
async function settleWork(tx: Tx, job: LockedJob, { bill, request }: Finished, deps: StepDeps) {
  const { pool, trust } = deps;
  const { absorbedSats, chargedSats } = bill;
  if (job.pubkey !== null) {
    await trust.happened(tx, job.pubkey, chargedSats > ZERO_SATS ? "paidWork" : "freeWork", chargedSats);
  }
  if (reliesOnPool(job)) {
    const granted = await pool.settle(tx, orderOf(job), absorbedSats, request);
    assert(granted === absorbedSats, "the pool pays what the bill says");
  }
  const creditedSats = pool.creditOf(chargedSats);
  deps.onPoolMoved?.(tx, { creditedSats, grantedSats: reliesOnPool(job) ? absorbedSats : ZERO_SATS });
  return closeEscrow(tx, job.id, "work-done", { earnedSats: chargedSats, poolCreditSats: creditedSats });
}

/** Empties the job's escrow: at most the price is earned, the rest is owed to the payer. */
async function closeEscrow(
  tx: Tx,
  jobId: string,
  name: string,
  { earnedSats: price, poolCreditSats = ZERO_SATS }: { earnedSats: Sats; poolCreditSats?: Sats },
): Promise<void> {
  const held = await lockEscrow(tx, jobId);
  const earnedSats = minSats(price, held);
  const lines = [
    poolCredited(poolCreditSats),
    earned(jobId, earnedSats),
    becameOwed(jobId, subtractSats(held, earnedSats)),
  ];
  await post(tx, { key: `job:${jobId}:${name}`, lines });
}
