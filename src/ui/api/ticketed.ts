import { type Handlers, handlersFor, type On } from "./live";

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
