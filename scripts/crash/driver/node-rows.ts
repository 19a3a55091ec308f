import type pg from "pg";
import { z } from "zod";

const NodeRow = z.object({
  state: z.string(),
  public_key: z.string().nullable(),
  key_kept: z.boolean(),
  key_taken: z.boolean(),
  removal_due: z.boolean(),
});

/** What the driver sees of ordered nodes without asking the server, and of the machines that there really are. */
export function nodeRows(pool: pg.Pool) {
  return {
    async node(id: string) {
      const { rows } = await pool.query(
        `SELECT state, public_key, sealed_private_key IS NOT NULL AS key_kept, private_key_taken_at IS NOT NULL AS key_taken,
           removal_due_at IS NOT NULL AS removal_due
         FROM bootstrap_order WHERE id = $1::uuid`,
        [id],
      );
      return NodeRow.parse(rows[0]);
    },
    /** The parts that stand outside for an order: one of each, or one too many. */
    async standing(id: string): Promise<string[]> {
      const { rows } = await pool.query("SELECT part FROM outside.node_part WHERE order_id = $1 ORDER BY part", [id]);
      return z
        .array(z.object({ part: z.string() }))
        .parse(rows)
        .map(({ part }) => part);
    },
  };
}
export type NodeRows = ReturnType<typeof nodeRows>;
