import { z } from "zod";
import type { Database } from "~/db/client";
import type { Enqueue } from "~/db/queue";
import type { Clock } from "~/ports/clock";
import type { jobEvaluation } from "./job-evaluation";
import { EVALUATE_TASK, WORK_TASK } from "./job-step";
import { appendEvent, eraseTexts, jobsWithOldTexts, lockJob, overdueJobs } from "./job-store";
import type { jobWork } from "./job-work";

const JobPayload = z.object({ jobId: z.uuid() });
type Helpers = { abortSignal: AbortSignal };

type Deps = {
  db: Database;
  clock: Clock;
  enqueue: Enqueue;
  evaluation: ReturnType<typeof jobEvaluation>;
  work: ReturnType<typeof jobWork>;
  textRetentionDays: number;
};

const DAY_MS = 86_400_000;
/** A phase this far past its deadline has lost its task. */
const OVERDUE_MS = 30_000;
const BATCH = 100;

/** The handlers of the background queue for jobs. `textRetentionDays`: texts of ended jobs are erased after it. */
export function jobTasks({ db, clock, enqueue, evaluation, work, textRetentionDays }: Deps) {
  return {
    [EVALUATE_TASK]: (payload: unknown, helpers: Helpers) =>
      evaluation.run(JobPayload.parse(payload).jobId, helpers.abortSignal),

    [WORK_TASK]: (payload: unknown, helpers: Helpers) => work.run(JobPayload.parse(payload).jobId, helpers.abortSignal),

    /** A net under the queue: a phase whose task vanished gets one again, which then finds the deadline passed. */
    async "rescue-jobs"() {
      for (const { id, state } of await overdueJobs(db, new Date(clock.now().getTime() - OVERDUE_MS), BATCH)) {
        const task = state === "evaluating" ? EVALUATE_TASK : WORK_TASK;
        await enqueue(db.prisma, task, { jobId: id }, { jobKey: `${task}:${id}` });
      }
    },

    /** Requests and answers are erased after their retention time. */
    async "erase-old-texts"() {
      const before = new Date(clock.now().getTime() - textRetentionDays * DAY_MS);
      for (;;) {
        const ids = await jobsWithOldTexts(db, before, BATCH);
        for (const id of ids) {
          await db.inTx(async (tx) => {
            if (!(await lockJob(tx, id))) return;
            await eraseTexts(tx, id);
            await appendEvent(tx, id);
          });
        }
        if (ids.length < BATCH) return;
      }
    },
  };
}
