import type { Order } from "./order";
import type { World } from "./world";

const addTask = (task: string) => `SELECT graphile_worker.add_job('${task}', job_key => 'driver:${task}')`;

/** A task vanishes, and the time of its phase is over: the net under the queue has to catch the job. */
export async function loseTask({ id }: Order, { pool, jobs, eventually }: World): Promise<void> {
  await eventually("a judge that is down is tried again", async () => {
    const { state } = await jobs.job(id);
    if (state !== "evaluating") return state === "awaiting_eval_payment" ? null : true;
    const { rowCount } = await pool.query(
      "DELETE FROM graphile_worker._private_jobs WHERE key = $1 AND locked_at IS NULL",
      [`evaluate:${id}`],
    );
    return rowCount ? true : null;
  });
  await pool.query("UPDATE job SET deadline_at = now() - interval '1 minute' WHERE id = $1 AND state = 'evaluating'", [
    id,
  ]);
  await eventually("a lost task is found", async () => {
    await pool.query(addTask("rescue-jobs"));
    return (await jobs.job(id)).state === "evaluating" ? null : true;
  });
}

/** The invoice of a payout that was put back is over; the wallet does not answer at first when it is asked about it. */
export async function expirePayout({ id }: Order, { pool, wallet, eventually }: World): Promise<void> {
  await wallet.trouble.order("wallet.lookUpPayment in payout-sending.giveUp", "down");
  await eventually("a payout that was not sent is given up", async () => {
    await pool.query(
      "UPDATE payout SET expires_at = now() WHERE order_id = $1 AND state = 'queued' AND sent_at IS NOT NULL",
      [id],
    );
    await pool.query(
      `UPDATE graphile_worker._private_jobs SET run_at = now() WHERE locked_at IS NULL AND key IN (
         SELECT 'payout:' || id FROM payout WHERE order_id = $1 AND state = 'queued' AND sent_at IS NOT NULL)`,
      [id],
    );
    const { rowCount } = await pool.query(
      "SELECT 1 FROM payout WHERE order_id = $1 AND state IN ('queued', 'sending')",
      [id],
    );
    return rowCount ? null : true;
  });
}

/** A machine that starts is asked again at once. */
export async function hurryNode({ id }: Order, { pool }: World): Promise<void> {
  await pool.query("UPDATE graphile_worker._private_jobs SET run_at = now() WHERE key = $1 AND locked_at IS NULL", [
    `provision:${id}`,
  ]);
}

/** What was paid in time may be noticed late: the looks after the expiry, an hour apart, come now, if there are any. */
export async function hurryChecks({ id }: Order, { pool }: World): Promise<void> {
  await pool.query(
    `UPDATE invoice SET next_check_at = now() WHERE order_id = $1 AND state <> 'settled' AND expires_at < now()
     AND next_check_at > now() + interval '5 seconds'`,
    [id],
  );
}

/** Months pass for one job or session; an answer that was kept long ago is there to be forgotten. */
export async function eraseOld({ id }: Order, { pool }: World): Promise<void> {
  await pool.query("UPDATE job SET state_changed_at = now() - interval '100 days' WHERE id = $1", [id]);
  await pool.query(
    "UPDATE session_request SET ended_at = now() - interval '100 days' WHERE session_id = $1 AND state <> 'running'",
    [id],
  );
  await pool.query(
    `INSERT INTO idempotency_record (scope, body_hash, status, answer, created_at)
     VALUES ('old ' || $1, '', 200, '', now() - interval '2 days') ON CONFLICT DO NOTHING`,
    [id],
  );
  await pool.query(addTask("erase-old-texts"));
  await pool.query(addTask("forget-idempotent-answers"));
}

/**
 * What else has to happen sooner than by itself: the price of bitcoin grows old, the books are proven, and an old
 * reading of them is there to be deleted. `openAgain`: the books are opened as if for the first time.
 */
export async function hurry({ pool }: Pick<World, "pool">, openAgain: boolean): Promise<void> {
  if (openAgain) await pool.query("DELETE FROM installation_fact WHERE name = 'booksOpened'");
  // What the wallet did not try, or may not, waits for half a minute.
  await pool.query(
    `UPDATE graphile_worker._private_jobs SET run_at = now()
     WHERE key LIKE 'payout:%' AND locked_at IS NULL AND run_at > now() + interval '5 seconds'`,
  );
  await pool.query("UPDATE btc_price SET as_of = as_of - interval '2 minutes'");
  await pool.query(
    `INSERT INTO books_reading (taken_at, ok, off_msat, terms) VALUES (now() - interval '40 days', true, 0, '{}')`,
  );
  await pool.query(addTask("prove-books"));
}

/** The queue forgets its tasks' names and its timetable, as if no worker had ever been there. None may be running. */
export async function emptyQueuesNames({ pool }: Pick<World, "pool">): Promise<void> {
  await pool.query("DELETE FROM graphile_worker._private_known_crontabs");
  await pool.query(
    `DELETE FROM graphile_worker._private_tasks t
     WHERE NOT EXISTS (SELECT FROM graphile_worker._private_jobs j WHERE j.task_id = t.id)`,
  );
}

/** A sat appears in the wallet that nobody booked, for a moment: the proof has to see it, and to look again. */
export async function meddle({ pool }: Pick<World, "pool">): Promise<void> {
  const { rowCount } = await pool.query(
    `SELECT 1 FROM (SELECT ok FROM books_reading ORDER BY taken_at DESC LIMIT 1) newest
     WHERE ok AND EXISTS (SELECT FROM installation_fact WHERE name = 'booksOpened')`,
  );
  if (!rowCount) return;
  await move(pool, 1000);
  await pool.query(addTask("prove-books"));
  await new Promise((resolve) => setTimeout(resolve, MEDDLED_MS));
  await move(pool, -1000);
}
const MEDDLED_MS = 2_500;

/** Both in one statement, so that whoever compares them never sees half of it. */
const move = (pool: World["pool"], msat: number) =>
  pool.query(
    "WITH noted AS (INSERT INTO outside.unbooked VALUES ($1)) UPDATE simulated_wallet SET balance_msat = balance_msat + $1",
    [msat],
  );
