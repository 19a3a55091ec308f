"use client";

import { useCallback, useState } from "react";
import type { WatchedBootstrap } from "~/modules/bootstrap/bootstrap-schema";
import { subscribeByTicket } from "~/ui/api/ticketed";
import { useTRPCClient } from "~/ui/api/trpc";
import { type Connection, followJob } from "~/ui/job/job-watcher";
import { useFollowing } from "~/ui/job/use-following";
import type { KnownNode } from "~/ui/known-nodes/known-nodes";

export type NodeOrder = {
  known: KnownNode;
  /** Undefined until the server has told of it. Never has the private key. */
  view: WatchedBootstrap | undefined;
  connection: Connection;
  unknown: boolean;
  /** Asks the server at once. */
  lookNow: () => void;
};

/** One node of this browser, live. */
export function useNode(known: KnownNode): NodeOrder {
  const { bootstrapJobId, refundToken } = known;
  const client = useTRPCClient();
  const [view, setView] = useState<WatchedBootstrap>();
  const [connection, setConnection] = useState<Connection>("connecting");
  const [unknown, setUnknown] = useState(false);

  const start = useCallback(
    () =>
      followJob<WatchedBootstrap, WatchedBootstrap>(
        {
          view: () => client.bootstrap.peek.query({ bootstrapJobId }, { context: { refundToken } }),
          subscribe: (lastEventId, on) =>
            subscribeByTicket<WatchedBootstrap>(
              () => client.bootstrap.ticket.mutate({ bootstrapJobId, refundToken }),
              (ticket, handlers) => client.bootstrap.watch.subscribe({ bootstrapJobId, ticket, lastEventId }, handlers),
              on,
            ),
        },
        {
          view: setView,
          event: (_id, order) => setView(order),
          connection: setConnection,
          unknownJob: () => setUnknown(true),
        },
      ),
    [client, bootstrapJobId, refundToken],
  );
  const lookNow = useFollowing(start);

  return { known, view, connection, unknown, lookNow };
}
