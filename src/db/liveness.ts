import { randomUUID } from "node:crypto";
import pg from "pg";

/**
 * A process that dies leaves unfinished work behind. So each proves that it is alive by a lock that only its own
 * connection holds: when the process ends, however it ends, Postgres releases the lock, and another process cleans up.
 * The database function `process_is_gone` contains the same number.
 */
const LOCK_CLASS = 0x7111;
const RECONNECT_MS = 500;

export type Liveness = {
  /** Proves from now on that the process with this id is alive. */
  announce(id: string): void;
  /** Resolves once everything announced is proven. */
  proven(): Promise<void>;
  stop(): Promise<void>;
};

/** Holds the locks of everything announced on one connection, which comes back by itself and locks again. */
export function liveness(url: string): Liveness {
  const ids = new Set<string>();
  let client: pg.Client | null = null;
  let ready: pg.Client | null = null;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  /** How many of the ids this connection has locked. */
  let locked = 0;
  let waiting: (() => void)[] = [];

  async function connect(): Promise<void> {
    const fresh = new pg.Client({ connectionString: url, application_name: "timmy liveness", keepAlive: true });
    const lost = () => {
      if (client !== fresh) return;
      client = null;
      ready = null;
      locked = 0;
      if (!stopped) timer = setTimeout(() => void connect(), RECONNECT_MS);
    };
    client = fresh;
    fresh.on("error", lost);
    fresh.on("end", lost);
    try {
      await fresh.connect();
      // A machine that vanishes says no goodbye: the server finds out by itself, within seconds.
      await fresh.query("SET tcp_keepalives_idle = 3; SET tcp_keepalives_interval = 1; SET tcp_keepalives_count = 3");
      ready = fresh;
      relock();
    } catch {
      fresh.end().catch(() => undefined);
      lost();
    }
  }

  let locking = Promise.resolve();
  /** Locks every announced id; locking one again does no harm. One statement at a time. */
  function relock(): void {
    locking = locking.then(lock).catch(() => undefined);
  }
  async function lock(): Promise<void> {
    const by = ready;
    const all = [...ids];
    if (!by || all.length === 0) return;
    await by.query("SELECT pg_advisory_lock($1, hashtext(id)) FROM unnest($2::text[]) AS id", [LOCK_CLASS, all]);
    if (by !== ready) return;
    locked = all.length;
    if (locked < ids.size) return;
    for (const go of waiting) go();
    waiting = [];
  }

  void connect();
  return {
    announce(id) {
      ids.add(id);
      relock();
    },
    async proven() {
      if (locked < ids.size) await new Promise<void>((resolve) => waiting.push(resolve));
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await client?.end().catch(() => undefined);
    },
  };
}

/** This process, as it is known to those who would have to clean up after it. */
export type Runner = {
  readonly id: string;
  /** Resolves once it is proven that this process is alive; the first call begins to prove it. */
  proven(): Promise<void>;
  stop(): Promise<void>;
};

/** This process as a runner: its id is new at each start, so that an earlier life is never taken for this one. */
export function processRunner(url: string): Runner {
  const id = `runner:${randomUUID()}`;
  let life: Liveness | null = null;
  return {
    id,
    proven() {
      if (!life) {
        life = liveness(url);
        life.announce(id);
      }
      return life.proven();
    },
    stop: async () => life?.stop(),
  };
}
