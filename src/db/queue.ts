import type { Tx } from "./client";

export type Enqueue = (
  tx: Tx,
  task: string,
  payload: Record<string, string>,
  options?: { runAt?: Date; jobKey?: string },
) => Promise<void>;

/**
 * Adds a background task inside the caller's transaction: it runs if, and only if, that commits.
 * With a `jobKey` a waiting task of that key is replaced, and one that is running just now is followed by this one.
 * Attempts are practically unlimited: a task that must not be repeated says so itself by what it finds.
 */
export const enqueue: Enqueue = async (tx, task, payload, options = {}) => {
  await tx.$executeRaw`SELECT graphile_worker.add_job(
    ${task}, ${JSON.stringify(payload)}::json,
    run_at => ${options.runAt ?? null}::timestamptz, job_key => ${options.jobKey ?? null}, max_attempts => 1000)`;
};
