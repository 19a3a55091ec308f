import { type Handlers, handlersFor, type On } from "./live";

/**
 * A live connection opened with a single-use ticket, so that no credential is part of a URL. A lost connection is
 * therefore over: the next one needs a new ticket.
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
    const handlers = handlersFor<Event>({
      connected() {
        connected = true;
        on.connected();
      },
      lost() {
        if (connected) end();
      },
      event: on.event,
      ended: end,
    });
    const subscription = subscribe(ticket, handlers);
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
