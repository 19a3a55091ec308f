import { z } from "zod";
import type { Database } from "~/db/client";

const WholeText = z.string().transform(BigInt);
const Pool = z.object({
  /** A UTC date, as all days here. */
  today: z.string(),
  free_sats: WholeText,
  reserved_msat: WholeText,
  flows: z.array(
    z.object({ day: z.string(), from: z.enum(["revenue", "pool_commitment", "pool_reserved"]), msat: WholeText }),
  ),
});
export type PoolReading = z.infer<typeof Pool>;
export type GrantRow = { id: string; day: string; sats: string };

// One statement, so that all of it is of one snapshot. The condition is that of the index, word for word: only the days
// that are asked for are read.
const READ_POOL = {
  name: "read-pool",
  text: `
    SELECT to_char(free_tier_today(), 'YYYY-MM-DD') AS today, pool_balance()::text AS free_sats,
      coalesce((SELECT sum(balance_msat) FROM ledger_account WHERE kind = 'pool_reserved' AND holding), 0)::text AS reserved_msat,
      coalesce((SELECT jsonb_agg(f) FROM (
        SELECT to_char(posted_at AT TIME ZONE 'utc', 'YYYY-MM-DD') AS day, debit_kind AS "from", sum(amount_msat)::text AS msat
        FROM ledger_transfer
        WHERE (("credit_kind" = 'pool' AND "debit_kind" IN ('revenue', 'pool_commitment'))
            OR ("debit_kind" = 'pool_reserved' AND "credit_kind" = 'revenue'))
          AND posted_at >= (free_tier_today() - ($1::int - 1))::timestamp AT TIME ZONE 'utc'
        GROUP BY 1, 2) f), '[]') AS flows`,
} as const;

const READ_GRANTS = {
  name: "read-pool-grants",
  text: `
    SELECT id::text, to_char(granted_at AT TIME ZONE 'utc', 'YYYY-MM-DD') AS day, absorbed_sats::text AS sats
    FROM pool_grant WHERE id < $1 ORDER BY id DESC LIMIT $2`,
} as const;
/** Above every id. */
const FROM_THE_NEWEST = (2n ** 63n - 1n).toString();

/** What there is now, and what flowed on each of the last `days`, today included. */
export async function readPool(db: Database, days: number): Promise<PoolReading> {
  const { rows } = await db.pool.query({ ...READ_POOL, values: [days] });
  return Pool.parse(rows[0]);
}

/** The newest first; `before` is the id of the last one that was seen. */
export async function readGrants(db: Database, before: string | null, limit: number): Promise<GrantRow[]> {
  const { rows } = await db.pool.query<GrantRow>({ ...READ_GRANTS, values: [before ?? FROM_THE_NEWEST, limit] });
  return rows;
}
