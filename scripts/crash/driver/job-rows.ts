import type pg from "pg";
import { z } from "zod";

const JobRow = z.object({
  state: z.string(),
  request: z.string().nullable(),
  error_message: z.string().nullable(),
  state_changed_at: z.date(),
});
export type JobRow = z.infer<typeof JobRow>;

/** What the driver sees of jobs without asking the server. */
export function jobRows(pool: pg.Pool) {
  return {
    async job(id: string): Promise<JobRow> {
      const { rows } = await pool.query(
        "SELECT state, request, error_message, state_changed_at FROM job WHERE id = $1::uuid",
        [id],
      );
      return JobRow.parse(rows[0]);
    },
    /** How many jobs came of this request. */
    async jobsOf(request: string): Promise<number> {
      const { rows } = await pool.query("SELECT count(*)::int AS n FROM job WHERE request = $1", [request]);
      return z.object({ n: z.int() }).parse(rows[0]).n;
    },
  };
}
export type JobRows = ReturnType<typeof jobRows>;
