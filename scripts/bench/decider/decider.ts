import { randomUUID } from "node:crypto";
import pg from "pg";

/**
 * All the identities that ask: so many that none waits for itself often, nor has more orders open by the end than a day's
 * budget could cover. Nothing is settled here, and each open order is summed up for the next decision.
 */
export const IDENTITIES = 20_000;
/** More than all rounds together ask for. */
const BUDGET_SATS = 1_000_000_000;

const DECIDE = {
  name: "decide",
  text: `SELECT free_tier_decide($1, $2, 0, ${BUDGET_SATS}, 100, 1, 'whole') AS sats`,
} as const;

/** Identities with budgets and lives of paid work that no round exhausts, and a pool that none empties. */
export async function makeIdentities(pool: pg.Pool): Promise<void> {
  await pool.query("SELECT pool_seed($1)", [BUDGET_SATS]);
  await pool.query(
    `INSERT INTO identity (pubkey, created_at, last_seen_at, score, charged_sats)
     SELECT lpad(to_hex(n), 64, '0'), now(), now(), 200, $2 FROM generate_series(1, $1) n`,
    [IDENTITIES, BUDGET_SATS],
  );
}

/** Decides about a sat for somebody, which is then set aside for an order of its own. Throws when it was not. */
export async function decideOnce(pool: pg.Pool): Promise<void> {
  const pubkey = (1 + Math.floor(Math.random() * IDENTITIES)).toString(16).padStart(64, "0");
  const { rows } = await pool.query<{ sats: string }>({ ...DECIDE, values: [randomUUID(), pubkey] });
  if (rows[0]?.sats !== "1") throw new Error("the pool decided otherwise");
}

/** As many clients at once, each beginning anew as soon as it is done; answers how often a second the work was done. */
export async function perSecond(clients: number, seconds: number, work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  const until = from + seconds * 1000;
  let done = 0;
  const client = async () => {
    while (performance.now() < until) {
      await work();
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return (done * 1000) / (performance.now() - from);
}

export function openClients(databaseUrl: string, clients: number): pg.Pool {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: clients });
  pool.on("error", () => undefined); // the end of the database is no error
  return pool;
}
