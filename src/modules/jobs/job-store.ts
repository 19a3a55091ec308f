import { type Sats, sats } from "~/core/money";
import type { Database, Tx } from "~/db/client";
import type { Job } from "~/db/generated/client";
import { parseQuote, type QuoteRecord } from "~/modules/pricing/quote-schema";
import { isEnd, JOB_STATES, type JobState } from "./job";
import type { JobActual } from "./job-records";

const ENDS = JOB_STATES.filter(isEnd);

export type LockedJob = {
  id: string;
  state: JobState;
  attempt: number;
  deadlineAt: Date | null;
  /** The identity that ordered it; null for anonymous visitors. */
  pubkey: string | null;
  evalFeeSats: Sats;
  quote: QuoteRecord | null;
  /** The part of the quote that the pool was expected to pay. */
  coveredSats: Sats;
};

/** What a step changes besides the state. Nothing that is known of a job is ever forgotten by a step. */
export type JobChange = {
  quote?: QuoteRecord;
  coveredSats?: Sats;
  actual?: JobActual;
  result?: string;
  truncated?: boolean;
  reason?: string;
  errorMessage?: string;
};

/** A new job, waiting for its eval fee, with the first event of its life. */
export async function insertJob(
  tx: Tx,
  job: { id: string; request: string; clientKey: string; pubkey: string | null; evalFeeSats: Sats; createdAt: Date },
): Promise<void> {
  await tx.job.create({ data: { ...job, stateChangedAt: job.createdAt, state: "awaiting_eval_payment" } });
  await appendEvent(tx, job.id);
}

/** Reads the job and keeps every other writer out until the transaction ends. */
export async function lockJob(tx: Tx, id: string): Promise<LockedJob | null> {
  type Row = Pick<Job, "id" | "state" | "attempt" | "deadlineAt" | "pubkey" | "evalFeeSats" | "quote" | "coveredSats">;
  const [row] = await tx.$queryRaw<Row[]>`
    SELECT id, state, attempt, deadline_at AS "deadlineAt", pubkey, eval_fee_sats AS "evalFeeSats", quote,
      covered_sats AS "coveredSats"
    FROM job WHERE id = ${id}::uuid FOR UPDATE`;
  if (!row) return null;
  return {
    ...row,
    state: row.state as JobState, // the column's CHECK admits no other
    evalFeeSats: sats(row.evalFeeSats),
    quote: parseQuote(row.quote),
    coveredSats: sats(row.coveredSats),
  };
}

/**
 * Sets the new state and what came with it, and adds the event that announces it: numbered, stored, and notified to
 * every process.
 */
export async function moveJob(
  tx: Tx,
  job: LockedJob,
  to: JobState,
  change: JobChange & { deadlineAt: Date | null },
  now: Date,
): Promise<void> {
  // Late money moves a job to where it is: its state has not changed.
  const changedAt = to === job.state ? null : now;
  await tx.$executeRaw`
    WITH moved AS (
      UPDATE job SET event_seq = event_seq + 1, state = ${to}, deadline_at = ${change.deadlineAt},
        state_changed_at = coalesce(${changedAt}, state_changed_at),
        quote = coalesce(${json(change.quote)}::jsonb, quote),
        covered_sats = coalesce(${change.coveredSats ?? null}::bigint, covered_sats), actual = coalesce(${json(change.actual)}::jsonb, actual),
        result = coalesce(${change.result ?? null}, result), truncated = coalesce(${change.truncated ?? null}, truncated),
        reason = coalesce(${change.reason ?? null}, reason),
        error_message = coalesce(${change.errorMessage ?? null}, error_message)
      WHERE id = ${job.id}::uuid RETURNING id, event_seq),
    kept AS (
      INSERT INTO job_event (job_id, seq, type, data) SELECT id, event_seq, 'state', '{}' FROM moved RETURNING job_id)
    SELECT pg_notify('job', job_id::text) FROM kept`;
}

const json = (value: object | undefined) => (value === undefined ? null : JSON.stringify(value));

/** Numbers the event, keeps it, and wakes whoever watches the job, in any process, once the transaction commits. */
export async function appendEvent(tx: Tx, jobId: string): Promise<void> {
  await tx.$executeRaw`
    WITH numbered AS (UPDATE job SET event_seq = event_seq + 1 WHERE id = ${jobId}::uuid RETURNING id, event_seq),
    kept AS (
      INSERT INTO job_event (job_id, seq, type, data)
      SELECT id, event_seq, 'state', '{}' FROM numbered RETURNING job_id)
    SELECT pg_notify('job', job_id::text) FROM kept`;
}

/** Keeps a piece of the answer. False when the attempt is stale: its pieces are dropped. */
export async function appendDelta(db: Database, jobId: string, attempt: number, text: string): Promise<boolean> {
  const added = await db.prisma.$queryRaw<unknown[]>`
    WITH numbered AS (
      UPDATE job SET event_seq = event_seq + 1
      WHERE id = ${jobId}::uuid AND attempt = ${attempt} AND state = 'executing' RETURNING id, event_seq),
    kept AS (
      INSERT INTO job_event (job_id, seq, type, data)
      SELECT id, event_seq, 'delta', jsonb_build_object('text', ${text}::text) FROM numbered RETURNING job_id)
    SELECT pg_notify('job', job_id::text)::text FROM kept`;
  return added.length === 1;
}

export type Attempt = {
  attempt: number;
  request: string;
  deadlineAt: Date;
  quote: QuoteRecord | null;
  coveredSats: Sats;
};

/** Takes the next fencing number while the job is in that state; null when it has moved on. */
export async function beginAttempt(tx: Tx, id: string, state: JobState): Promise<Attempt | null> {
  const [row] = await tx.job.updateManyAndReturn({
    where: { id, state },
    data: { attempt: { increment: 1 } },
    select: { attempt: true, request: true, deadlineAt: true, quote: true, coveredSats: true },
  });
  return row ? attemptOf(row) : null;
}

/** The same for work, telling watchers in the same statement that the pieces of an earlier attempt are void. */
export async function beginWork(db: Database, id: string): Promise<Attempt | null> {
  const [row] = await db.prisma.$queryRaw<AttemptRow[]>`
    WITH begun AS (
      UPDATE job SET attempt = attempt + 1, event_seq = event_seq + 1
      WHERE id = ${id}::uuid AND state = 'executing' RETURNING *),
    voided AS (DELETE FROM job_event USING begun WHERE job_id = begun.id AND type = 'delta'),
    kept AS (INSERT INTO job_event (job_id, seq, type, data) SELECT id, event_seq, 'restart', '{}' FROM begun)
    SELECT attempt, request, deadline_at AS "deadlineAt", quote, covered_sats AS "coveredSats", pg_notify('job', id::text)::text FROM begun`;
  return row ? attemptOf(row) : null;
}

type AttemptRow = Pick<Job, "attempt" | "request" | "deadlineAt" | "quote" | "coveredSats">;
function attemptOf({ attempt, request, deadlineAt, quote, coveredSats }: AttemptRow): Attempt {
  if (request === null || deadlineAt === null) throw new Error("a job in progress lacks its request or deadline");
  return { attempt, request, deadlineAt, quote: parseQuote(quote), coveredSats: sats(coveredSats) };
}

/** Keeps the quote of a judged job, and the part of it that was pledged, until its invoice can be made. */
export async function keepQuote(tx: Tx, id: string, quote: QuoteRecord, coveredSats: Sats): Promise<void> {
  await tx.job.update({ where: { id }, data: { quote, coveredSats }, select: { id: true } });
}

/** Jobs whose phase should have ended by then: their task was lost or never got a worker. */
export async function overdueJobs(
  db: Database,
  before: Date,
  limit: number,
): Promise<{ id: string; state: JobState }[]> {
  const rows = await db.prisma.job.findMany({
    where: { state: { in: ["evaluating", "executing"] }, deadlineAt: { lt: before } },
    select: { id: true, state: true },
    orderBy: { deadlineAt: "asc" },
    take: limit,
  });
  return rows.map(({ id, state }) => ({ id, state: state as JobState })); // the column's CHECK admits no other
}

/** Forgets the texts of a job: request, answer and the pieces of it. Money rows stay. */
export async function eraseTexts(tx: Tx, id: string): Promise<void> {
  await tx.job.update({ where: { id }, data: { request: null, result: null, reason: null }, select: { id: true } });
  await tx.jobEvent.deleteMany({ where: { jobId: id, type: "delta" } });
}

/** Jobs at an end whose texts are older. While a job is open its request is still needed. */
export async function jobsWithOldTexts(db: Database, before: Date, limit: number): Promise<string[]> {
  const rows = await db.prisma.job.findMany({
    where: { request: { not: null }, stateChangedAt: { lt: before }, state: { in: ENDS } },
    select: { id: true },
    orderBy: { stateChangedAt: "asc" },
    take: limit,
  });
  return rows.map(({ id }) => id);
}

/** The pieces of a finished answer: the result holds them all now. */
export async function dropDeltas(tx: Tx, id: string): Promise<void> {
  await tx.jobEvent.deleteMany({ where: { jobId: id, type: "delta" } });
}
