/** What a follower is told about its live connection. */
export type On<Event> = {
  connected: () => void;
  lost: () => void;
  event: (id: string, event: Event) => void;
  ended: () => void;
};

/** What a tRPC subscription calls. */
export type Handlers<Event> = {
  onStarted: () => void;
  onData: (value: { id: string; data: Event }) => void;
  onConnectionStateChange: (now: { state: string }) => void;
  onError: () => void;
  onComplete: () => void;
};

/** Adapts a tRPC subscription to what followers expect. */
export const handlersFor = <Event>(on: On<Event>): Handlers<Event> => ({
  onStarted: on.connected,
  onData: ({ id, data }) => on.event(id, data),
  onConnectionStateChange: ({ state }) => {
    if (state === "connecting") on.lost();
  },
  onError: on.ended,
  onComplete: on.ended,
});
