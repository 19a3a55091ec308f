import type pg from "pg";
import { z } from "zod";

const Msat = z.string().transform(BigInt);
const JobRow = z.object({
  state: z.string(),
  request: z.string().nullable(),
  error_message: z.string().nullable(),
  state_changed_at: z.date(),
  owed_msat: Msat,
  in_flight_msat: Msat,
});
export type JobRow = z.infer<typeof JobRow>;

const InvoiceRow = z.object({
  payment_hash: z.string(),
  payment_request: z.string(),
  settled_at: z.date().nullable(),
});
const PayoutRow = z.object({ payment_hash: z.string(), state: z.string() });

/** What the driver sees of a job without asking the server for it: so nothing moves because somebody looks. */
export function jobRows(pool: pg.Pool) {
  return {
    async job(id: string): Promise<JobRow> {
      const { rows } = await pool.query(
        `SELECT state, request, error_message, state_changed_at,
           coalesce((SELECT balance_msat FROM ledger_account WHERE kind = 'owed' AND owner = $1), 0)::text AS owed_msat,
           coalesce((SELECT balance_msat FROM ledger_account WHERE kind = 'in_flight' AND owner = $1), 0)::text AS in_flight_msat
         FROM job WHERE id = $1::uuid`,
        [id],
      );
      return JobRow.parse(rows[0]);
    },
    async invoice(id: string, purpose: "eval" | "work") {
      const { rows } = await pool.query(
        "SELECT payment_hash, payment_request, settled_at FROM invoice WHERE order_id = $1 AND purpose = $2",
        [id, purpose],
      );
      return InvoiceRow.parse(rows[0]);
    },
    /** How many jobs came of this request. */
    async jobsOf(request: string): Promise<number> {
      const { rows } = await pool.query("SELECT count(*)::int AS n FROM job WHERE request = $1", [request]);
      return z.object({ n: z.int() }).parse(rows[0]).n;
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
    /** All that is known of a job, for the report of one that is stuck. */
    async facts(id: string): Promise<string> {
      const { rows } = await pool.query(
        `SELECT row_to_json(j)::jsonb - 'quote' - 'actual' - 'result' AS job, now(),
           (SELECT json_agg(to_jsonb(i) - 'payment_request' || jsonb_build_object('wallet', to_jsonb(w.state)))
             FROM invoice i JOIN simulated_invoice w USING (payment_hash) WHERE i.order_id = j.id) AS invoices,
           (SELECT json_agg(to_jsonb(p) - 'payment_request' - 'target') FROM payout p WHERE p.order_id = j.id) AS payouts,
           (SELECT json_agg(t) FROM graphile_worker._private_jobs t WHERE t.payload::text LIKE '%' || j.id || '%') AS tasks
         FROM job j WHERE id = $1::uuid`,
        [id],
      );
      return JSON.stringify(rows[0]);
    },
    /** The payouts of a job, the newest first. */
    async payouts(id: string) {
      const { rows } = await pool.query(
        "SELECT payment_hash, state FROM payout WHERE order_id = $1 ORDER BY created_at DESC",
        [id],
      );
      return z.array(PayoutRow).parse(rows);
    },
  };
}
export type JobRows = ReturnType<typeof jobRows>;
