import type { JobFeedEvent, JobView } from "~/modules/jobs/job-schema";

/** What the page knows of a job: the newest view, and the answer as far as it has been written. */
export type JobFeed = {
  readonly job: JobView | null;
  readonly draft: string;
  /** The number of the newest event that went in. */
  readonly seen: number;
};

export const EMPTY_FEED: JobFeed = { job: null, draft: "", seen: -1 };

/**
 * Takes an event of the subscription in. After a lost connection events can come again: what was seen is skipped,
 * so that no piece of the answer is doubled. Ids are the server's running numbers.
 */
export function withEvent(feed: JobFeed, id: string, event: JobFeedEvent): JobFeed {
  const number = Number.parseInt(id, 10);
  if (number <= feed.seen) return event.type === "state" ? withView(feed, event.job) : feed;
  const seen = Number.isNaN(number) ? feed.seen : number;
  switch (event.type) {
    case "state":
      return { ...withView(feed, event.job), seen };
    case "delta":
      return { ...feed, draft: feed.draft + event.text, seen };
    case "restart":
      return { ...feed, draft: "", seen };
  }
}

/** Takes a view in, unless it is older than what is shown: a replayed one never turns the page back. */
export function withView(feed: JobFeed, job: JobView): JobFeed {
  if (feed.job && job.updatedAt < feed.job.updatedAt) return feed;
  return { ...feed, job };
}
