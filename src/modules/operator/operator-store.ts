import { z } from "zod";
import type { Database, Tx } from "~/db/client";

/** A process that was not seen for so long is forgotten. */
const FORGOTTEN_AFTER = "1 hour";

export type Side = "web" | "worker" | "both";
export type ProcessRow = { id: string; side: Side; startedAt: Date; seenAt: Date; hearsWallet: boolean | null };

/** Records that this process is alive, and clears away those that have long been gone. */
export async function beat({ pool }: Pick<Database, "pool">, id: string, side: Side, hearsWallet: boolean | null) {
  await pool.query(
    `INSERT INTO process (id, side, hears_wallet) VALUES ($1, $2, $3)
     ON CONFLICT (id) DO UPDATE SET seen_at = now(), hears_wallet = excluded.hears_wallet`,
    [id, side, hearsWallet],
  );
  await pool.query(`DELETE FROM process WHERE seen_at < now() - interval '${FORGOTTEN_AFTER}'`);
}

/** This process ends in good order: it is not missed. */
export async function leave({ pool }: Pick<Database, "pool">, id: string): Promise<void> {
  await pool.query("DELETE FROM process WHERE id = $1", [id]);
}

/** The live ones first. Ages are by the clock of the database, which all processes share. */
export async function processes(
  { pool }: Pick<Database, "pool">,
  limit: number,
): Promise<(ProcessRow & { ageMs: number })[]> {
  const { rows } = await pool.query(
    `SELECT id, side, started_at AS "startedAt", seen_at AS "seenAt", hears_wallet AS "hearsWallet",
       extract(epoch FROM now() - seen_at)::float8 * 1000 AS "ageMs"
     FROM process ORDER BY seen_at DESC LIMIT $1`,
    [limit],
  );
  return ProcessRows.parse(rows);
}
const ProcessRows = z.array(
  z.object({
    id: z.string(),
    side: z.enum(["web", "worker", "both"]),
    startedAt: z.date(),
    seenAt: z.date(),
    hearsWallet: z.boolean().nullable(),
    ageMs: z.number(),
  }),
);

export type Sighting = { seenAt: Date; detail: string };

/** Notes that something was seen just now, by its name; the newest replaces the one before. */
export async function keepSighting({ pool }: Pick<Database, "pool">, name: string, detail: string): Promise<void> {
  await pool.query(
    `INSERT INTO sighting (name, detail) VALUES ($1, $2)
     ON CONFLICT (name) DO UPDATE SET seen_at = now(), detail = excluded.detail`,
    [name, detail],
  );
}

/** When each was last seen, by name. */
export async function sightings({ pool }: Pick<Database, "pool">): Promise<ReadonlyMap<string, Sighting>> {
  const { rows } = await pool.query('SELECT name, seen_at AS "seenAt", detail FROM sighting');
  const Rows = z.array(z.object({ name: z.string(), seenAt: z.date(), detail: z.string() }));
  return new Map(Rows.parse(rows).map(({ name, ...sighting }) => [name, sighting]));
}

/** When we were last paid; null before the first time. */
export async function lastSettlementAt({ pool }: Pick<Database, "pool">): Promise<Date | null> {
  const { rows } = await pool.query(
    'SELECT settled_at AS "at" FROM invoice WHERE settled_at IS NOT NULL ORDER BY settled_at DESC LIMIT 1',
  );
  return z.object({ at: z.date() }).optional().parse(rows[0])?.at ?? null;
}

/** Calls to the wallet that the budget has counted in this minute. */
export async function walletCalls({ pool }: Pick<Database, "pool">, now: Date): Promise<number> {
  const { rows } = await pool.query("SELECT points, expire FROM rate_limit WHERE key = 'wallet:all'");
  const row = z.object({ points: z.int(), expire: z.coerce.number().nullable() }).optional().parse(rows[0]);
  return row && (row.expire ?? 0) > now.getTime() ? row.points : 0;
}

export type FailingTask = {
  taskId: string;
  task: string;
  attempts: number;
  lastError: string;
  nextTryAt: Date;
  running: boolean;
  /** It had its last try. */
  givenUp: boolean;
};

/** Tasks whose last try failed, those that failed most often first. As many rows are read as there are tasks waiting. */
export async function failingTasks({ pool }: Pick<Database, "pool">, limit: number): Promise<FailingTask[]> {
  const { rows } = await pool.query(
    `SELECT j.id::text AS "taskId", t.identifier AS "task", j.attempts, j.last_error AS "lastError",
       j.run_at AS "nextTryAt", j.locked_at IS NOT NULL AS "running",
       j.locked_at IS NULL AND j.attempts >= j.max_attempts AS "givenUp"
     FROM graphile_worker._private_jobs j JOIN graphile_worker._private_tasks t ON t.id = j.task_id
     WHERE j.last_error IS NOT NULL ORDER BY j.attempts DESC, j.id LIMIT $1`,
    [limit],
  );
  return FailingRows.parse(rows);
}
const FailingRows = z.array(
  z.object({
    taskId: z.string(),
    task: z.string(),
    attempts: z.int(),
    lastError: z.string(),
    nextTryAt: z.date(),
    running: z.boolean(),
    givenUp: z.boolean(),
  }),
);

/** Makes a waiting task due now. Its name, or null where no such task waits: it runs, is done, or never was. */
export async function retryNow(tx: Tx, taskId: string): Promise<string | null> {
  const rows = await tx.$queryRaw<{ task: string }[]>`
    SELECT t.identifier AS task
    FROM graphile_worker.reschedule_jobs(ARRAY[${taskId}::bigint], run_at => now(), attempts => 0) j
    JOIN graphile_worker._private_tasks t ON t.id = j.task_id`;
  return rows[0]?.task ?? null;
}

export type Act = {
  kind: "payout_paid" | "payout_failed" | "pool_topup" | "task_retry";
  subject: string;
  sats: bigint | null;
  reason: string;
};

/** Writes down what the operator did by hand, for ever. */
export async function keepAct(tx: Tx, act: Act): Promise<void> {
  await tx.operatorAct.create({ data: act });
}

/** Newest first. */
export async function newestActs(
  { prisma }: Pick<Database, "prisma">,
  limit: number,
): Promise<(Act & { doneAt: Date })[]> {
  const rows = await prisma.operatorAct.findMany({ orderBy: { id: "desc" }, take: limit });
  return rows.map(({ kind, ...act }) => ({ ...act, kind: kind as Act["kind"] }));
}
