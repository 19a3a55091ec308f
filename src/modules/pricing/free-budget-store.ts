import type { Database } from "~/db/client";

/** Adds to the day's cost unless that would go over the limit. Returns the day it was counted on, null when over. */
export async function addWithinLimit({ pool }: Pick<Database, "pool">, usd: number, limitUsd: number) {
  const { rows } = await pool.query<{ day: string }>({
    name: "free_model_reserve",
    text: `INSERT INTO free_model_day AS today (day, usd)
      SELECT free_tier_today(), $1::numeric WHERE $1::numeric <= $2::numeric
      ON CONFLICT (day) DO UPDATE SET usd = today.usd + $1::numeric WHERE today.usd + $1::numeric <= $2::numeric
      RETURNING day::text`,
    values: [usd, limitUsd],
  });
  return rows[0]?.day ?? null;
}

/** Replaces what was counted for one call by what it cost. */
export async function correct({ pool }: Pick<Database, "pool">, day: string, countedUsd: number, actualUsd: number) {
  await pool.query({
    name: "free_model_correct",
    text: "UPDATE free_model_day SET usd = greatest(0, usd - $2::numeric + $3::numeric) WHERE day = $1::date",
    values: [day, countedUsd, actualUsd],
  });
}
