import type { WatchedSession } from "~/modules/sessions/session-schema";
import type { createApiClient } from "~/ui/api/api-client";
import type { Source } from "~/ui/job/job-watcher";

type Client = ReturnType<typeof createApiClient>;
type Asked = { id: string; refundToken: string; lastEventId: string | null };
type On = Parameters<Source<WatchedSession, WatchedSession>["subscribe"]>[1];

/**
 * Watches a session with a ticket that is good for one connection, so that no credential is part of an address. A lost
 * connection is therefore an ended one: the next has a ticket of its own.
 */
export function subscribeToSession(client: Client, { id, refundToken, lastEventId }: Asked, on: On) {
  let left = false;
  let stop = () => {};
  const end = () => {
    if (left) return;
    left = true;
    stop();
    on.ended();
  };

  const begin = async () => {
    const { ticket } = await client.sessions.ticket.mutate({ id, refundToken });
    if (left) return;
    let connected = false;
    const subscription = client.sessions.watch.subscribe(
      { id, ticket, lastEventId },
      {
        onStarted() {
          connected = true;
          on.connected();
        },
        onData: ({ id: version, data }) => on.event(version, data),
        onConnectionStateChange: ({ state }) => {
          if (state === "connecting" && connected) end();
        },
        onError: end,
        onComplete: end,
      },
    );
    stop = () => subscription.unsubscribe();
    if (left) stop();
  };
  begin().catch(end);

  return {
    unsubscribe() {
      left = true;
      stop();
    },
  };
}
