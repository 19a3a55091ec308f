import pg from "pg";

/**
 * Does the work unless another process is already doing work of this name: then it does nothing and returns false.
 * `held` aborts when the lock may have been lost: the work must stop before its next step.
 */
export type Alone = (name: string, work: (held: AbortSignal) => Promise<void>) => Promise<boolean>;

/** First half of the lock's key; the second is the name's hash, so two names may, rarely, keep each other waiting. */
const LOCK_CLASS = 0x7112;

/**
 * Holds an advisory lock on a connection of its own, which Postgres releases when the process ends, however it ends.
 * For rare work outside the database: what happens inside is better guarded by locking the rows it changes.
 */
export function aloneOn(url: string): Alone {
  return async (name, work) => {
    const client = new pg.Client({ connectionString: url, application_name: "timmy alone", keepAlive: true });
    const held = new AbortController();
    const lost = () => held.abort(new Error("the lock was lost with its connection"));
    client.on("error", lost);
    client.on("end", lost);
    try {
      await client.connect();
      // A machine that vanishes says no goodbye: the server finds out by itself, within seconds.
      await client.query("SET tcp_keepalives_idle = 3; SET tcp_keepalives_interval = 1; SET tcp_keepalives_count = 3");
      const { rows } = await client.query<{ mine: boolean }>("SELECT pg_try_advisory_lock($1, hashtext($2)) AS mine", [
        LOCK_CLASS,
        name,
      ]);
      if (!rows[0]?.mine) return false;
      await work(held.signal);
      return true;
    } finally {
      await client.end().catch(() => undefined);
    }
  };
}
