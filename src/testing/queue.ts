import { Logger, runOnce } from "graphile-worker";
import type { Database } from "~/db/client";
import type { Services } from "~/server/services";

const QUIET = new Logger(() => () => undefined);

/** Runs every due task of the queue, in this process, until none is left. */
export async function runQueueOnce(db: Database, tasks: Services["tasks"]): Promise<void> {
  const never = new AbortController().signal;
  await runOnce({
    pgPool: db.pool,
    noHandleSignals: true,
    logger: QUIET,
    taskList: Object.fromEntries(
      Object.entries(tasks).map(([name, task]) => [name, (payload) => task(payload, { abortSignal: never })]),
    ),
  });
}
