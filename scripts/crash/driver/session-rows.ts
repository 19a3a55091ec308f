import type pg from "pg";
import { z } from "zod";

const Sats = z.string().transform(Number);
const RequestRow = z.object({
  state: z.string(),
  debited_sats: Sats,
  reserved_sats: Sats,
  took_ms: z.number().nullable(),
});

/** What the driver sees of sessions without asking the server. */
export function sessionRows(pool: pg.Pool) {
  return {
    async state(id: string): Promise<string> {
      const { rows } = await pool.query("SELECT state FROM session WHERE id = $1::uuid", [id]);
      return z.object({ state: z.string() }).parse(rows[0]).state;
    },
    async request(id: string) {
      const { rows } = await pool.query(
        `SELECT state, debited_sats, reserved_sats, (extract(epoch FROM ended_at - created_at) * 1000)::float AS took_ms
         FROM session_request WHERE id = $1::uuid`,
        [id],
      );
      return RequestRow.parse(rows[0]);
    },
    /** How many requests of a session there are, and how many of them still have their text. */
    async requests(sessionId: string): Promise<{ all: number; withText: number }> {
      const { rows } = await pool.query(
        `SELECT count(*)::int AS "all", count(request)::int AS "withText" FROM session_request WHERE session_id = $1::uuid`,
        [sessionId],
      );
      return z.object({ all: z.int(), withText: z.int() }).parse(rows[0]);
    },
  };
}
export type SessionRows = ReturnType<typeof sessionRows>;
