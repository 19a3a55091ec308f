import type pg from "pg";

/** A worker that was made this very moment may not have its lock yet. */
const NEWBORN = "3 seconds";

/** Frees the tasks of workers that no longer prove that they live. Returns how many workers were found dead. */
export async function reapDeadWorkers(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ id: string }>(
    `WITH held AS (
       SELECT locked_by AS id, min(locked_at) AS since FROM graphile_worker._private_jobs
       WHERE locked_by IS NOT NULL GROUP BY locked_by)
     SELECT id FROM held
     WHERE since < now() - interval '${NEWBORN}' AND process_is_gone(id)`,
  );
  if (rows.length > 0) {
    await pool.query("SELECT free_tasks_of($1::text[])", [rows.map(({ id }) => id)]);
  }
  return rows.length;
}
