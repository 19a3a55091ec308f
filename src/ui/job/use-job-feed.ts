"use client";

import { useCallback, useReducer, useState } from "react";
import type { JobFeedEvent, JobView } from "~/modules/jobs/job-schema";
import { handlersFor } from "~/ui/api/live";
import { useTRPCClient } from "~/ui/api/trpc";
import { EMPTY_FEED, type JobFeed, withEvent, withView } from "./job-feed";
import { type Connection, followJob } from "./job-watcher";
import { useFollowing } from "./use-following";

type News = { view: JobView } | { id: string; event: JobFeedEvent };
const take = (feed: JobFeed, news: News): JobFeed =>
  "view" in news ? withView(feed, news.view) : withEvent(feed, news.id, news.event);

/** One job, live. `lookNow` asks the server at once, for after something was done to the job. */
export function useJobFeed(jobId: string) {
  const client = useTRPCClient();
  const [feed, tell] = useReducer(take, EMPTY_FEED);
  const [connection, setConnection] = useState<Connection>("connecting");
  const [unknown, setUnknown] = useState(false);

  const start = useCallback(
    () =>
      followJob(
        {
          view: () => client.jobs.get.query({ jobId }),
          subscribe: (lastEventId, on) => client.jobs.watch.subscribe({ jobId, lastEventId }, handlersFor(on)),
        },
        {
          view: (view) => tell({ view }),
          event: (id, event) => tell({ id, event }),
          connection: setConnection,
          unknownJob: () => setUnknown(true),
        },
      ),
    [client, jobId],
  );
  const lookNow = useFollowing(start);

  return { ...feed, connection, unknown, lookNow };
}
