import type { Source } from "~/ui/job/job-watcher";

type On<Event> = Parameters<Source<unknown, Event>["subscribe"]>[1];
type Handlers<Event> = {
  onStarted: () => void;
  onData: (value: { id: string; data: Event }) => void;
  onConnectionStateChange: (now: { state: string }) => void;
  onError: () => void;
  onComplete: () => void;
};

/**
 * A live connection by a ticket that is good for it alone, so that no credential is part of an address. A lost
 * connection is therefore an ended one: the next has a ticket of its own.
 */
export function subscribeByTicket<Event>(
  getTicket: () => Promise<{ ticket: string }>,
  subscribe: (ticket: string, handlers: Handlers<Event>) => { unsubscribe: () => void },
  on: On<Event>,
): { unsubscribe: () => void } {
  let left = false;
  let stop = () => {};
  const end = () => {
    if (left) return;
    left = true;
    stop();
    on.ended();
  };

  const begin = async () => {
    const { ticket } = await getTicket();
    if (left) return;
    let connected = false;
    const subscription = subscribe(ticket, {
      onStarted() {
        connected = true;
        on.connected();
      },
      onData: ({ id, data }) => on.event(id, data),
      onConnectionStateChange: ({ state }) => {
        if (state === "connecting" && connected) end();
      },
      onError: end,
      onComplete: end,
    });
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
