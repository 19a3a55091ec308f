import type pg from "pg";
import { z } from "zod";
import type { Order } from "./order";

const Msat = z.string().transform(BigInt);
const MoneyRow = z.object({ owed_msat: Msat, in_flight_msat: Msat });
const InvoiceRow = z.object({
  payment_hash: z.string(),
  payment_request: z.string(),
  settled_at: z.date().nullable(),
});
const TABLES: Readonly<Record<Order["kind"], string>> = {
  jobs: "job",
  sessions: "session",
  bootstrap: "bootstrap_order",
};

/** What the driver sees of an order without asking the server for it: so nothing moves because somebody looks. */
export function orderRows(pool: pg.Pool) {
  return {
    async money(id: string) {
      const { rows } = await pool.query(
        `SELECT coalesce(sum(balance_msat) FILTER (WHERE kind = 'owed'), 0)::text AS owed_msat,
           coalesce(sum(balance_msat) FILTER (WHERE kind = 'in_flight'), 0)::text AS in_flight_msat
         FROM ledger_account WHERE owner = $1`,
        [id],
      );
      return MoneyRow.parse(rows[0]);
    },
    async invoice(id: string, purpose: string) {
      const { rows } = await pool.query(
        "SELECT payment_hash, payment_request, settled_at FROM invoice WHERE order_id = $1 AND purpose = $2",
        [id, purpose],
      );
      return InvoiceRow.parse(rows[0]);
    },
    /** How many of its invoices the wallet was paid for, and we have not noticed yet. */
    async unbooked(id: string): Promise<number> {
      const { rows } = await pool.query(
        `SELECT count(*)::int AS n FROM invoice i JOIN simulated_invoice w USING (payment_hash)
         WHERE i.order_id = $1 AND w.state = 'settled' AND i.state <> 'settled'`,
        [id],
      );
      return z.object({ n: z.int() }).parse(rows[0]).n;
    },
    /** All that is known of an order, for the report of one that is stuck. */
    async facts({ kind, id }: Order): Promise<string> {
      const { rows } = await pool.query(
        `SELECT row_to_json(o)::jsonb - 'quote' - 'actual' - 'result' - 'sealed_private_key' AS order, now(),
           (SELECT json_agg(to_jsonb(i) - 'payment_request' || jsonb_build_object('wallet', to_jsonb(w.state)))
             FROM invoice i JOIN simulated_invoice w USING (payment_hash) WHERE i.order_id = o.id) AS invoices,
           (SELECT json_agg(to_jsonb(p) - 'payment_request' - 'target') FROM payout p WHERE p.order_id = o.id) AS payouts,
           (SELECT json_agg(to_jsonb(r) - 'quote' - 'actual' - 'result') FROM session_request r
             WHERE r.session_id = o.id) AS requests,
           (SELECT json_agg(t) FROM graphile_worker._private_jobs t WHERE t.payload::text LIKE '%' || o.id || '%') AS tasks
         FROM ${TABLES[kind]} o WHERE id = $1::uuid`,
        [id],
      );
      return JSON.stringify(rows[0]);
    },
  };
}
export type OrderRows = ReturnType<typeof orderRows>;
