import { EventEmitter } from "node:events";
import { type JobHelpers, Logger, run, type TaskList, type WorkerEvents } from "graphile-worker";
import { openPool } from "~/db/client";
import { liveness } from "~/db/liveness";
import { enqueue } from "~/db/queue";
import type { Container } from "~/server/container";
import { reapDeadWorkers } from "./dead-workers";
import { rhythm } from "./rhythm";

export type Worker = { stop(): Promise<void> };

const REAP_EVERY_MS = 2_000;
const SHORTEST_SWEEP_PAUSE_MS = 250;
const LONGEST_SWEEP_PAUSE_MS = 5_000;

const CRONTAB = `
* * * * * rescue-jobs
* * * * * rescue-nodes
* * * * * rescue-payouts
* * * * * rescue-invoices
* * * * * prove-books
17 * * * * erase-old-texts
27 * * * * forget-idempotent-answers
*/10 * * * * forget-used-proofs
`;

/** The background side of the app: tasks of the queue, the sweep of open invoices, the wallet's announcements. */
export async function startWorker(container: Container): Promise<Worker> {
  const { services, settings, log, databaseUrl } = container;
  await begin(container);
  const shutdown = new AbortController();
  // Whose task it is need not survive a power cut: it is then taken again, which every task has to bear anyway.
  const pool = openPool(databaseUrl, settings.workerConcurrency + 4, "timmy worker", { syncCommits: false });

  const life = liveness(databaseUrl);
  const events: WorkerEvents = new EventEmitter();
  // The queue notes on a task the pool of workers that has it, not the worker.
  events.on("pool:create", ({ workerPool }) => life.announce(workerPool.id));

  const runner = await run({
    pgPool: pool,
    concurrency: settings.workerConcurrency,
    noHandleSignals: true,
    taskList: stoppable(container.tasks, shutdown.signal),
    crontab: CRONTAB,
    events,
    logger: new Logger(() => (level, message, meta) => {
      if (level === "error")
        log.error({ detail: meta?.error instanceof Error ? meta.error.message : undefined }, message);
      else if (level === "warning") log.warn(message);
    }),
  });

  const onError = (what: string) => (error: unknown) => log.warn({ err: error }, `${what} failed, trying again`);
  const reaper = rhythm(async () => {
    const dead = await reapDeadWorkers(pool);
    if (dead > 0) log.info(`took over the tasks of ${dead} dead workers`);
    const strays = await services.sessionSweep.failStrays();
    if (strays > 0) log.info(`freed what ${strays} requests of dead processes held`);
    return REAP_EVERY_MS;
  }, onError("looking after dead processes"));
  const sweep = rhythm(async () => {
    const due = await services.invoices.sweep();
    const waitMs = due ? due.getTime() - Date.now() : LONGEST_SWEEP_PAUSE_MS;
    return Math.min(Math.max(waitMs, SHORTEST_SWEEP_PAUSE_MS), LONGEST_SWEEP_PAUSE_MS);
  }, onError("the sweep of open invoices"));
  const settlements = container.followSettlements();

  return {
    async stop() {
      shutdown.abort();
      await Promise.all([runner.stop(), reaper.stop(), sweep.stop(), settlements.stop()]);
      await life.stop();
      await pool.end();
    },
  };
}

/** What an installation has to begin with, each once in its life: not only at the next full minute, when it may have been paid. */
async function begin({ services, inTx }: Container): Promise<void> {
  await services.pool.seedIfNew();
  await inTx((tx) => enqueue(tx, "prove-books", {}, { jobKey: "prove-books-at-start" }));
}

/** Tasks that hear of the shutdown at once: what they called outside is let go, and the task waits for another worker. */
function stoppable(tasks: Container["tasks"], shutdown: AbortSignal): TaskList {
  return Object.fromEntries(
    Object.entries(tasks).map(([name, task]) => [
      name,
      async (payload, helpers) => {
        const abortSignal = helpers.abortSignal ? AbortSignal.any([shutdown, helpers.abortSignal]) : shutdown;
        try {
          await task(payload, { abortSignal });
        } catch (error) {
          if (!shutdown.aborted) throw error;
          await putBack(helpers);
        }
      },
    ]),
  );
}

/** Due at once: failed, it would be put off, each time longer. What was put off by itself meanwhile keeps its time. */
async function putBack({ job, addJob }: JobHelpers): Promise<void> {
  const { task_identifier: task, payload, key, max_attempts: maxAttempts } = job;
  await addJob(task, payload, { maxAttempts, ...(key !== null && { jobKey: key, jobKeyMode: "preserve_run_at" }) });
}
