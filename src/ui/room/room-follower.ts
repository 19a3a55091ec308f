import type { WorkshopEvent } from "~/modules/workshop/workshop-schema";
import type { On } from "~/ui/api/live";

export type RoomConnection = "connecting" | "live" | "lost";

/** How the follower reaches the room; the page gives it tRPC, a test whatever it likes. */
export type RoomSource = (lastEventId: string | null, on: On<WorkshopEvent>) => { unsubscribe: () => void };

export type RoomSink = {
  event: (event: WorkshopEvent, fresh: boolean) => void;
  connection: (state: RoomConnection) => void;
};

const RETRY_MS = { first: 1_000, most: 30_000 };

/**
 * Follows the room, and goes on after the last line that arrived when it was cut off. `rest` lets go of the connection
 * while nobody looks: a browser has few of them, and an absent visitor is none.
 */
export function followRoom(source: RoomSource, sink: RoomSink) {
  let lastEventId: string | null = null;
  let subscription: { unsubscribe: () => void } | null = null;
  let current = 0;
  let retryMs = RETRY_MS.first;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let told = false;
  let everLive = false;

  function subscribe(): void {
    clearTimeout(timer);
    timer = undefined;
    subscription?.unsubscribe();
    // Whatever the previous one still says, including that it has ended, no longer counts.
    const mine = ++current;
    const ifMine =
      <T extends unknown[]>(act: (...args: T) => void) =>
      (...args: T) => {
        if (mine === current) act(...args);
      };
    subscription = source(lastEventId, {
      connected: ifMine(() => {
        retryMs = RETRY_MS.first;
        everLive = true;
        sink.connection("live");
      }),
      lost: ifMine(() => sink.connection(everLive ? "lost" : "connecting")),
      event: ifMine((id: string, event: WorkshopEvent) => {
        lastEventId = id;
        sink.event(event, told);
        // The last of what whoever comes in is told first: how things stand, after what was said before.
        if (event.event === "world" && event.type === "pool:level") told = true;
      }),
      ended: ifMine(() => {
        sink.connection(everLive ? "lost" : "connecting");
        timer = setTimeout(subscribe, retryMs * (0.75 + Math.random() / 2));
        retryMs = Math.min(retryMs * 1.7, RETRY_MS.most);
      }),
    });
  }

  function rest(): void {
    current += 1;
    clearTimeout(timer);
    subscription?.unsubscribe();
    subscription = null;
  }

  subscribe();
  return {
    rest,
    /** At once, also where the next try was still far off. */
    wake(): void {
      if (subscription !== null && timer === undefined) return;
      retryMs = RETRY_MS.first;
      subscribe();
    },
  };
}
