import { z } from "zod";
import type { Database } from "~/db/client";

export type Labels = Readonly<Record<string, string>>;
export type Count = { name: string; labels: Labels; value: number };

const CountRow = z.object({ name: z.string(), labels: z.record(z.string(), z.string()), value: z.number() });
const SharedRow = z.object({
  queue_ready: z.int(),
  queue_running: z.int(),
  queue_later: z.int(),
  queue_age_seconds: z.number(),
  payouts_in_flight: z.int(),
  payouts_in_flight_sats: z.number(),
  jobs_evaluating: z.int(),
  jobs_executing: z.int(),
  pool_sats: z.number(),
  free_model_usd: z.number(),
  books_ok: z.boolean().nullable(),
});
/** The state that all processes share, at one moment. */
export type SharedState = z.infer<typeof SharedRow>;

/** Adds counts to those of all processes. Always in the same order, so that no two processes wait for each other. */
export async function addCounts({ pool }: Pick<Database, "pool">, counts: readonly Count[]): Promise<void> {
  await pool.query({
    name: "metric_add",
    text: `INSERT INTO metric_total AS total (name, labels, value)
      SELECT name, labels, value FROM jsonb_to_recordset($1::jsonb) AS new (name text, labels jsonb, value float8)
      ORDER BY name, labels
      ON CONFLICT (name, labels) DO UPDATE SET value = total.value + excluded.value`,
    values: [JSON.stringify(counts)],
  });
}

/** What all processes have counted so far. */
export async function readCounts({ pool }: Pick<Database, "pool">): Promise<Count[]> {
  const { rows } = await pool.query({ name: "metric_read", text: "SELECT name, labels, value FROM metric_total" });
  return z.array(CountRow).parse(rows);
}

/** Every part of it is one row, a row of a partial index, or of a queue that is counted no further than to here. */
const COUNTED_UP_TO = 10_000;

/** What the database alone knows: queue, payouts in flight, pool, in one statement. */
export async function readSharedState({ pool }: Pick<Database, "pool">): Promise<SharedState> {
  const { rows } = await pool.query({
    name: "metric_state",
    text: `WITH queued AS (
        SELECT run_at, locked_at IS NOT NULL AS running FROM graphile_worker._private_jobs
        -- A task that has had its last try is not due, however long ago that was.
        WHERE attempts < max_attempts OR locked_at IS NOT NULL LIMIT ${COUNTED_UP_TO}),
      queue AS (
        SELECT count(*) FILTER (WHERE NOT running AND run_at <= now())::int AS ready,
          count(*) FILTER (WHERE running)::int AS running,
          count(*) FILTER (WHERE NOT running AND run_at > now())::int AS later,
          coalesce(extract(epoch FROM now() - min(run_at) FILTER (WHERE NOT running AND run_at <= now())), 0)::float8 AS age
        FROM queued),
      sending AS (
        SELECT amount_sats FROM payout WHERE state IN ('queued', 'sending') LIMIT ${COUNTED_UP_TO}),
      working AS (
        SELECT state FROM job WHERE state IN ('evaluating', 'executing') LIMIT ${COUNTED_UP_TO})
      SELECT ready AS queue_ready, running AS queue_running, later AS queue_later, age AS queue_age_seconds,
        (SELECT count(*) FROM sending)::int AS payouts_in_flight,
        (SELECT coalesce(sum(amount_sats), 0) FROM sending)::float8 AS payouts_in_flight_sats,
        (SELECT count(*) FROM working WHERE state = 'evaluating')::int AS jobs_evaluating,
        (SELECT count(*) FROM working WHERE state = 'executing')::int AS jobs_executing,
        pool_balance()::float8 AS pool_sats,
        coalesce((SELECT usd FROM free_model_day WHERE day = free_tier_today()), 0)::float8 AS free_model_usd,
        (SELECT ok FROM books_reading ORDER BY id DESC LIMIT 1) AS books_ok
      FROM queue`,
  });
  return SharedRow.parse(rows[0]);
}
