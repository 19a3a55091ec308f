import pg from "pg";
import { z } from "zod";
import { NODE_TROUBLES, PAY_TROUBLES } from "./trouble";

type Payment = { paymentHash: string; paymentRequest: string; reference: string };
type OnItsWay = Payment & { says: "pending" | "notFound" };

const Trouble = z.object({ kind: z.enum([...PAY_TROUBLES, "down", ...NODE_TROUBLES]) });
const Said = z.object({ says: z.enum(["pending", "notFound", "failed"]) });
const Arrived = z.object({ payment_hash: z.string(), payment_request: z.string(), reference: z.string() });

/** What the world outside remembers beyond its wallet, kept in a schema of its own: it outlives every server. */
export function troubleStore(url: string) {
  const pool = new pg.Pool({ connectionString: url, max: 2, application_name: "outside" });
  pool.on("error", () => undefined);

  return {
    open: () =>
      pool.query(`
        CREATE SCHEMA outside;
        CREATE TABLE outside.trouble (subject text PRIMARY KEY, kind text NOT NULL);
        CREATE TABLE outside.payment (payment_hash text PRIMARY KEY, payment_request text, reference text,
          says text NOT NULL, arrives_at timestamptz);
        CREATE TABLE outside.unbooked (msat bigint NOT NULL);
        CREATE TABLE outside.node_part (order_id text NOT NULL, part text NOT NULL);`),
    /** The next thing of this subject goes wrong so. */
    order: (subject: string, kind: z.infer<typeof Trouble>["kind"]) =>
      pool.query("INSERT INTO outside.trouble VALUES ($1, $2) ON CONFLICT DO NOTHING", [subject, kind]),
    /** The trouble that was ordered for it, once. */
    async take(subject: string) {
      const { rows } = await pool.query("DELETE FROM outside.trouble WHERE subject = $1 RETURNING kind", [subject]);
      return Trouble.optional().parse(rows[0])?.kind;
    },
    /** The trouble that was ordered for it, which stays: who asks again is told the same. */
    async look(subject: string) {
      const { rows } = await pool.query("SELECT kind FROM outside.trouble WHERE subject = $1", [subject]);
      return Trouble.optional().parse(rows[0])?.kind;
    },
    /** A request to pay has set out, and arrives seconds later, whatever becomes of its sender. */
    setOut: ({ paymentHash, paymentRequest, reference }: Payment, says: OnItsWay["says"]) =>
      pool.query(
        `INSERT INTO outside.payment VALUES ($1, $2, $3, $4, now() + random() * interval '3 seconds')
         ON CONFLICT DO NOTHING`,
        [paymentHash, paymentRequest, reference, says],
      ),
    markFailed: (hash: string) =>
      pool.query("INSERT INTO outside.payment (payment_hash, says) VALUES ($1, 'failed') ON CONFLICT DO NOTHING", [
        hash,
      ]),
    /** Requests that arrive by now. They stay known until `arrived`. */
    async arriving(): Promise<Payment[]> {
      const { rows } = await pool.query("SELECT * FROM outside.payment WHERE arrives_at <= now()");
      return z
        .array(Arrived)
        .parse(rows)
        .map((row) => ({
          paymentHash: row.payment_hash,
          paymentRequest: row.payment_request,
          reference: row.reference,
        }));
    },
    arrived: (hash: string) => pool.query("DELETE FROM outside.payment WHERE payment_hash = $1", [hash]),
    async said(hash: string) {
      const { rows } = await pool.query("SELECT says FROM outside.payment WHERE payment_hash = $1", [hash]);
      return Said.optional().parse(rows[0])?.says;
    },
    async stands(orderId: string, part: string): Promise<boolean> {
      const { rowCount } = await pool.query("SELECT FROM outside.node_part WHERE order_id = $1 AND part = $2", [
        orderId,
        part,
      ]);
      return Boolean(rowCount);
    },
    /** One more of them, whether there is one already or not: as whoever rents out machines makes what is ordered. */
    build: (orderId: string, part: string) =>
      pool.query("INSERT INTO outside.node_part VALUES ($1, $2)", [orderId, part]),
    tearDown: (orderId: string, part: string) =>
      pool.query("DELETE FROM outside.node_part WHERE order_id = $1 AND part = $2", [orderId, part]),
    /** Whether the wallet itself knows that a request for this hash is on its way. */
    async waiting(hash: string): Promise<boolean> {
      return (await this.said(hash)) === "pending";
    },
    async preimage(hash: string): Promise<string> {
      const { rows } = await pool.query("SELECT preimage FROM simulated_invoice WHERE payment_hash = $1", [hash]);
      return z.object({ preimage: z.string() }).parse(rows[0]).preimage;
    },
    close: () => pool.end(),
  };
}
