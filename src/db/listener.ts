import pg from "pg";

/** Hears NOTIFY on one channel, over a connection of its own that is made again whenever it breaks. */
export type Listener = {
  healthy(): boolean;
  close(): Promise<void>;
};

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/**
 * `onNotify` gets each payload. `onConnected` runs after each (re)connection: what was notified in between is lost, so
 * whoever listens reads its state anew then.
 */
export function listen(
  url: string,
  channel: string,
  handlers: { onNotify: (payload: string) => void; onConnected?: () => void },
): Listener {
  let client: pg.Client | null = null;
  let connected = false;
  let closed = false;
  let pauseMs = FIRST_PAUSE_MS;
  let timer: NodeJS.Timeout | undefined;

  async function connect(): Promise<void> {
    const fresh = new pg.Client({ connectionString: url, application_name: `timmy:listen:${channel}`, keepAlive: true });
    client = fresh;
    fresh.on("error", () => lost(fresh));
    fresh.on("end", () => lost(fresh));
    fresh.on("notification", ({ payload }) => handlers.onNotify(payload ?? ""));
    try {
      await fresh.connect();
      await fresh.query(`LISTEN ${fresh.escapeIdentifier(channel)}`);
    } catch {
      lost(fresh);
      return;
    }
    if (client !== fresh) return;
    connected = true;
    pauseMs = FIRST_PAUSE_MS;
    handlers.onConnected?.();
  }

  function lost(which: pg.Client): void {
    if (client !== which) return;
    client = null;
    connected = false;
    which.end().catch(() => undefined);
    if (closed) return;
    timer = setTimeout(() => void connect(), pauseMs);
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }

  void connect();
  return {
    healthy: () => connected,
    async close() {
      closed = true;
      clearTimeout(timer);
      const last = client;
      client = null;
      connected = false;
      await last?.end().catch(() => undefined);
    },
  };
}
