import pg from "pg";
import { retryDelayMs } from "~/core/retry-delay";

export type Listening = {
  /** Whether notifications arrive right now. */
  healthy(): boolean;
  stop(): Promise<void>;
};

const BACK_OFF = { firstMs: 100, maxMs: 10_000 };
/** A connection can be dead without a word: it is asked now and then, and dropped when it does not answer. */
const PROOF_OF_LIFE_MS = 20_000;
const ANSWER_WITHIN_MS = 5_000;

/**
 * Calls `heard` with the payload of each NOTIFY on the channel, on a connection of its own that comes back by itself.
 * What was sent while it was away is lost: a notification is a hint, never the only way to learn something.
 * `connected` runs each time that it has (again) begun to hear: what depends on the hints reads its state again then.
 */
export function listen(
  url: string,
  channel: string,
  heard: (payload: string) => void,
  connected: () => void = () => undefined,
): Listening {
  let client: pg.Client | undefined;
  let live = false;
  let stopped = false;
  let failures = 0;
  let timer: NodeJS.Timeout | undefined;

  function drop(dropped: pg.Client) {
    if (client !== dropped) return;
    client = undefined;
    live = false;
    clearTimeout(timer);
    dropped.end().catch(() => undefined);
    if (stopped) return;
    failures += 1;
    timer = setTimeout(connect, retryDelayMs(failures, BACK_OFF, Math.random()));
  }

  function connect() {
    const fresh = new pg.Client({
      connectionString: url,
      application_name: `timmy listens to ${channel}`,
      keepAlive: true,
      connectionTimeoutMillis: ANSWER_WITHIN_MS,
      query_timeout: ANSWER_WITHIN_MS,
    });
    client = fresh;
    fresh.on("error", () => drop(fresh));
    fresh.on("end", () => drop(fresh));
    fresh.on("notification", ({ payload }) => heard(payload ?? ""));
    start(fresh).catch(() => drop(fresh));
  }

  async function start(fresh: pg.Client) {
    await fresh.connect();
    await fresh.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
    if (client !== fresh) return;
    live = true;
    failures = 0;
    connected();
    proveLife(fresh);
  }

  function proveLife(alive: pg.Client) {
    timer = setTimeout(() => {
      alive.query("SELECT 1").then(
        () => client === alive && proveLife(alive),
        () => drop(alive),
      );
    }, PROOF_OF_LIFE_MS);
  }

  connect();
  return {
    healthy: () => live,
    async stop() {
      stopped = true;
      live = false;
      clearTimeout(timer);
      const last = client;
      client = undefined;
      await last?.end().catch(() => undefined);
    },
  };
}
