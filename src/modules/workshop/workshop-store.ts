import { z } from "zod";
import type { Database } from "~/db/client";
import type { ChatLine } from "./workshop-schema";

type Pool = Pick<Database, "pool">;
type KeptLine = ChatLine & { seq: number };
type NewLine = Omit<ChatLine, "seq">;

/** Beyond these a line is forgotten: whoever was away for longer starts over. */
const KEPT_LINES = 200;

const Lines = z.array(
  z.object({
    seq: z.string().transform(Number),
    agent_id: z.enum(["visitor", "timmy"]),
    text: z.string(),
    created_at: z.date(),
  }),
);

/** Keeps a visitor's line, which the process `thinker` is going to answer, and rings the bell of every process. */
export async function ask({ pool }: Pool, line: NewLine, thinker: string): Promise<KeptLine> {
  const { rows } = await pool.query<{ seq: string }>({
    name: "workshop-ask",
    text: "SELECT workshop_ask($1, $2, $3, $4)::text AS seq",
    values: [line.text, line.at, KEPT_LINES, thinker],
  });
  return { ...line, seq: Number(rows[0]?.seq) };
}

/** Keeps Timmy's answer to a question, and rings again. */
export async function answer({ pool }: Pool, line: NewLine, questionSeq: number): Promise<KeptLine> {
  const { rows } = await pool.query<{ seq: string }>({
    name: "workshop-answer",
    text: "SELECT workshop_answer($1, $2, $3, $4)::text AS seq",
    values: [questionSeq, line.text, line.at, KEPT_LINES],
  });
  return { ...line, seq: Number(rows[0]?.seq) };
}

/** Answers with this line what nobody thinks about any more: its process is gone, or it was asked before `overdue`. */
export async function giveUp({ pool }: Pool, line: NewLine, overdue: Date): Promise<void> {
  await pool.query({
    name: "workshop-give-up",
    text: "SELECT workshop_give_up($1, $2, $3, $4)",
    values: [line.text, line.at, KEPT_LINES, overdue],
  });
}

/** The lines after `seq`, oldest first; the newest ones if there are more. */
export async function linesAfter({ pool }: Pool, seq: number, limit: number = KEPT_LINES): Promise<KeptLine[]> {
  const { rows } = await pool.query({
    name: "workshop-lines",
    text: `SELECT seq::text, agent_id, text, created_at FROM workshop_chat
      WHERE seq > $1 ORDER BY workshop_chat.seq DESC LIMIT $2`,
    values: [seq, limit],
  });
  const lines = Lines.parse(rows).map(({ agent_id: agentId, created_at, ...line }) => ({
    ...line,
    agentId,
    at: created_at.toISOString(),
  }));
  return lines.reverse();
}

/** What was said is kept no longer than other texts. */
export async function eraseLinesBefore({ pool }: Pool, before: Date): Promise<void> {
  await pool.query("DELETE FROM workshop_chat WHERE created_at < $1", [before]);
}

/** What one process has in it. */
export type Presence = { visitors: number; judging: number; working: number; thinking: number };

/** Writes down what this process has in it, and tells the others if that is new. */
export async function keepPresence({ pool }: Pool, processId: string, present: Presence): Promise<void> {
  await pool.query({
    name: "workshop-presence",
    text: `WITH kept AS (
        INSERT INTO workshop_presence AS was (process_id, visitors, judging, working, thinking)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (process_id) DO UPDATE SET visitors = excluded.visitors, judging = excluded.judging,
          working = excluded.working, thinking = excluded.thinking
        WHERE (was.visitors, was.judging, was.working, was.thinking)
          IS DISTINCT FROM (excluded.visitors, excluded.judging, excluded.working, excluded.thinking)
        RETURNING 1)
      SELECT pg_notify('workshop', '{}') FROM kept`,
    values: [processId, present.visitors, present.judging, present.working, present.thinking],
  });
}

/** This process ends in good order: its watchers are counted no more. */
export async function leavePresence({ pool }: Pool, processId: string): Promise<void> {
  await pool.query(
    `WITH gone AS (DELETE FROM workshop_presence WHERE process_id = $1 RETURNING 1)
    SELECT pg_notify('workshop', '{}') FROM gone`,
    [processId],
  );
}

/** Forgets what dead processes had in them: nobody else tells that they are gone. */
export async function forgetTheDead({ pool }: Pool): Promise<void> {
  await pool.query({
    name: "workshop-forget-the-dead",
    text: `WITH gone AS (DELETE FROM workshop_presence WHERE process_is_gone(process_id) RETURNING 1)
      SELECT pg_notify('workshop', '{}') FROM gone`,
  });
}

/** What goes on in the whole house at one moment. */
const House = z.object({
  visitors: z.int(),
  judging: z.boolean(),
  working: z.boolean(),
  thinking: z.boolean(),
  sending: z.boolean(),
  pool_sats: z.string().transform((text) => BigInt(text)),
});
export type House = z.infer<typeof House>;

/** A handful of rows, each found by an index of only those that are under way. */
export async function readHouse({ pool }: Pool): Promise<House> {
  const { rows } = await pool.query({
    name: "workshop-house",
    text: `WITH present AS (
        SELECT coalesce(sum(visitors), 0)::int AS visitors, coalesce(sum(judging), 0) > 0 AS judging,
          coalesce(sum(working), 0) > 0 AS working, coalesce(sum(thinking), 0) > 0 AS thinking
        FROM workshop_presence)
      SELECT visitors, thinking,
        judging OR EXISTS (SELECT 1 FROM job WHERE state = 'evaluating') AS judging,
        working OR EXISTS (SELECT 1 FROM job WHERE state = 'executing') AS working,
        EXISTS (SELECT 1 FROM payout WHERE state = 'sending') AS sending,
        pool_balance()::bigint::text AS pool_sats
      FROM present`,
  });
  return House.parse(rows[0]);
}

/** Tells every process what has just happened. */
export async function broadcast({ pool }: Pool, payload: string): Promise<void> {
  await pool.query({ name: "workshop-broadcast", text: "SELECT pg_notify('workshop', $1)", values: [payload] });
}
