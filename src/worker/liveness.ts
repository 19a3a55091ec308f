import pg from "pg";

/**
 * A worker that dies leaves its tasks locked for hours. So each proves that it lives by a lock that only its own
 * connection holds: when the process ends, however it ends, Postgres lets go of it, and a colleague frees the tasks.
 */
const LOCK_CLASS = 0x7111;
const RECONNECT_MS = 500;
/** A worker that was made this very moment may not have its lock yet. */
const NEWBORN = "3 seconds";

export type Liveness = {
  /** Proves from now on that this worker lives. */
  announce(workerId: string): void;
  stop(): Promise<void>;
};

export function liveness(url: string): Liveness {
  const ids = new Set<string>();
  let client: pg.Client | null = null;
  let ready: pg.Client | null = null;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  async function connect(): Promise<void> {
    const fresh = new pg.Client({ connectionString: url, application_name: "timmy liveness", keepAlive: true });
    const lost = () => {
      if (client !== fresh) return;
      client = null;
      ready = null;
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

  let locking = Promise.resolve<unknown>(undefined);
  /** Locks for all that were announced; one more for a lock that is held does no harm. One question at a time. */
  function relock(): void {
    locking = locking
      .then(() =>
        ready?.query("SELECT pg_advisory_lock($1, hashtext(id)) FROM unnest($2::text[]) AS id", [LOCK_CLASS, [...ids]]),
      )
      .catch(() => undefined);
  }

  void connect();
  return {
    announce(workerId) {
      ids.add(workerId);
      relock();
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await client?.end().catch(() => undefined);
    },
  };
}

/** Frees the tasks of workers that no longer prove that they live. Returns how many workers were found dead. */
export async function reapDeadWorkers(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ id: string }>(
    `WITH held AS (
       SELECT locked_by AS id, min(locked_at) AS since FROM graphile_worker._private_jobs
       WHERE locked_by IS NOT NULL GROUP BY locked_by)
     SELECT id FROM held
     WHERE since < now() - interval '${NEWBORN}' AND pg_try_advisory_xact_lock($1, hashtext(id))`,
    [LOCK_CLASS],
  );
  if (rows.length > 0) {
    await pool.query("SELECT graphile_worker.force_unlock_workers($1::text[])", [rows.map(({ id }) => id)]);
  }
  return rows.length;
}
