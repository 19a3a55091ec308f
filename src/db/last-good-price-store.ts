import { z } from "zod";
import type { LastGoodPriceStore } from "~/adapters/coingecko/last-good-price-store";
import type { Database } from "./client";

const Row = z.object({ usd: z.number().positive(), as_of: z.date() });

/** The last believed price of bitcoin, in USD, kept for all processes and across restarts. */
export function lastGoodPriceStore({ pool }: Pick<Database, "pool">): LastGoodPriceStore {
  return {
    async load() {
      const answer = await pool.query("SELECT usd, as_of FROM btc_price");
      const row = Row.optional().parse(answer.rows[0]);
      return row ? { usd: row.usd, asOf: row.as_of } : null;
    },
    async save({ usd, asOf }) {
      await pool.query(
        `INSERT INTO btc_price (id, usd, as_of) VALUES (1, $1, $2)
         ON CONFLICT (id) DO UPDATE SET usd = excluded.usd, as_of = excluded.as_of`,
        [usd, asOf],
      );
    },
  };
}
