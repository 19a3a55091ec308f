import type { WatchedSession } from "~/modules/sessions/session-schema";
import type { createApiClient } from "~/ui/api/api-client";
import { subscribeByTicket } from "~/ui/api/ticketed";
import type { Source } from "~/ui/job/job-watcher";

type Client = ReturnType<typeof createApiClient>;
type Asked = { id: string; refundToken: string; lastEventId: string | null };
type On = Parameters<Source<WatchedSession, WatchedSession>["subscribe"]>[1];

/** Watches a session, live. */
export const subscribeToSession = (client: Client, { id, refundToken, lastEventId }: Asked, on: On) =>
  subscribeByTicket<WatchedSession>(
    () => client.sessions.ticket.mutate({ id, refundToken }),
    (ticket, handlers) => client.sessions.watch.subscribe({ id, ticket, lastEventId }, handlers),
    on,
  );
