import type { JobFeedEvent, JobView } from "~/modules/jobs/job-schema";
import type { On } from "~/ui/api/live";
import { problemOf } from "~/ui/api/problem";

export type Connection = "connecting" | "live" | "polling" | "offline";

/** How the watcher reaches the server; the page gives it tRPC, a test whatever it likes. */
export type Source<View, Event> = {
  view(): Promise<View>;
  subscribe(lastEventId: string | null, on: On<Event>): { unsubscribe: () => void };
};
export type JobSource = Source<JobView, JobFeedEvent>;

export type Sink<View, Event> = {
  view: (view: View) => void;
  event: (id: string, event: Event) => void;
  connection: (state: Connection) => void;
  /** There is nothing with this id, or not for this caller. */
  unknownJob: () => void;
};

/** How long the feed may be silent about its connection before the polls step in. */
const PATIENCE_MS = 3_000;
const POLL_MS = { first: 2_000, most: 15_000 };
const RETRY_MS = { first: 1_000, most: 30_000 };
const REFUSED: ReadonlySet<number | null> = new Set([403, 404]);
const slower = (ms: number, most: number): number => Math.min(ms * 1.5, most);

/**
 * Follows one job, or an order of another kind: by the feed while it lives, by polls with back-off while it does not, and back to the feed as soon
 * as that works again. Returns what stops it, and what makes it look at once.
 */
export function followJob<View = JobView, Event = JobFeedEvent>(
  source: Source<View, Event>,
  sink: Sink<View, Event>,
): { stop: () => void; lookNow: () => void } {
  let stopped = false;
  let live = false;
  let current = 0;
  let heard = 0;
  let looks = 0;
  let answered = 0;
  let lastEventId: string | null = null;
  let subscription: { unsubscribe: () => void } | null = null;
  let retryMs = RETRY_MS.first;
  let pollMs = POLL_MS.first;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let pollTimer: ReturnType<typeof setTimeout> | undefined;

  const stop = () => {
    stopped = true;
    subscription?.unsubscribe();
    clearTimeout(retryTimer);
    clearTimeout(pollTimer);
  };

  const look = async () => {
    looks += 1;
    const asked = { look: looks, heard };
    try {
      const job = await source.view();
      // A view that was overtaken by an event or by a later look may be older than what is shown.
      if (stopped || heard !== asked.heard || answered > asked.look) return;
      answered = asked.look;
      sink.view(job);
      if (!live) sink.connection("polling");
    } catch (error) {
      if (stopped) return;
      if (REFUSED.has(problemOf(error).status)) {
        stop();
        return sink.unknownJob();
      }
      if (!live) sink.connection("offline");
    }
  };

  const pollIn = (ms: number) => {
    clearTimeout(pollTimer);
    pollTimer = setTimeout(async () => {
      if (stopped || live) return;
      await look();
      pollMs = slower(pollMs, POLL_MS.most);
      if (!stopped && !live) pollIn(pollMs);
    }, ms);
  };

  const lost = () => {
    if (live) {
      live = false;
      sink.connection("connecting");
      pollMs = POLL_MS.first;
      pollIn(PATIENCE_MS);
    }
  };

  const subscribe = () => {
    clearTimeout(retryTimer);
    // Whatever the previous one still says, including that it has ended, no longer counts.
    const mine = ++current;
    subscription?.unsubscribe();
    const ifMine =
      <T extends unknown[]>(act: (...args: T) => void) =>
      (...args: T) =>
        mine === current && !stopped && act(...args);
    subscription = source.subscribe(lastEventId, {
      connected: ifMine(() => {
        live = true;
        retryMs = RETRY_MS.first;
        clearTimeout(pollTimer);
        sink.connection("live");
      }),
      lost: ifMine(lost),
      event: ifMine((id: string, event: Event) => {
        heard += 1;
        lastEventId = id;
        sink.event(id, event);
      }),
      ended: ifMine(() => {
        lost();
        retryTimer = setTimeout(subscribe, retryMs);
        retryMs = slower(retryMs, RETRY_MS.most);
      }),
    });
  };

  const lookNow = () => {
    if (stopped) return;
    void look();
    if (!live) subscribe();
  };

  void look();
  subscribe();
  pollIn(PATIENCE_MS);
  return { stop, lookNow };
}
