import type { Database } from "~/db/client";
import type { WakeUps } from "~/db/wake-ups";
import type { JobFeedEvent, JobView } from "./job-schema";
import { type JobRecord, jobReader, lastLandmark, readEvents } from "./job-view-store";

export type FeedItem = { seq: number; event: JobFeedEvent };
export type JobFeed = {
  /** Every event of a job after `afterSeq`, as it happens, until the signal; from its present state on when null. */
  watch(
    jobId: string,
    afterSeq: number | null,
    signal: AbortSignal,
    viewOf: (job: JobRecord) => JobView,
  ): AsyncGenerator<FeedItem>;
  healthy(): boolean;
  close(): Promise<void>;
};

/**
 * The events stand in the database, numbered for each job; a notification only says "look". So nothing is lost when
 * a notification is, and a watcher of any process can go on where it was cut off in another.
 */
export function jobFeed(db: Database, wakeUps: WakeUps): JobFeed {
  const readJob = jobReader(db);

  const watch: JobFeed["watch"] = async function* (jobId, afterSeq, signal, viewOf) {
    const bell = wakeUps.bell(jobId, signal);
    try {
      let after = afterSeq ?? (await lastLandmark(db, jobId));
      if (afterSeq === null) {
        const now = await readJob(jobId);
        if (now) yield { seq: after, event: { type: "state", job: viewOf(now) } };
      }
      while (!signal.aborted) {
        const events = await readEvents(db, jobId, after);
        // The state is read after the events: a view is never older than the event that announces it.
        const now = events.some(({ type }) => type === "state") ? await readJob(jobId) : null;
        for (const { seq, type, text } of events) {
          after = seq;
          if (type === "delta") yield { seq, event: { type, text } };
          else if (type === "restart") yield { seq, event: { type } };
          else if (now) yield { seq, event: { type, job: viewOf(now) } };
        }
        if (events.length === 0) await bell.rung();
      }
    } finally {
      bell.leave();
    }
  };

  return { watch, healthy: wakeUps.healthy, close: wakeUps.stop };
}
