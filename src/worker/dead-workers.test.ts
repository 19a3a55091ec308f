import type pg from "pg";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { openPool } from "~/db/client";
import type { Container } from "~/server/container";
import { createLog } from "~/server/log";
import { testDatabase } from "~/testing/database";
import { type OtherProcess, otherProcess } from "~/testing/other-process";
import { unwrap } from "~/testing/unwrap";
import { type Workshop, workshop } from "~/testing/workshop";
import { reapDeadWorkers } from "./dead-workers";
import { startWorker, type Worker } from "./main";

const TAKEN_OVER_WITHIN = { timeout: 10_000, interval: 50 };
const SOON = { timeout: 60_000, interval: 50 };

let shop: Workshop;
let pool: pg.Pool;
let victim: OtherProcess | undefined;
let colleague: Worker | undefined;
beforeAll(async () => {
  shop = await workshop();
  pool = openPool(shop.db.url, 2, "test");
});
afterEach(async () => {
  await colleague?.stop();
  await victim?.kill();
  colleague = undefined;
  victim = undefined;
  await pool.query("DELETE FROM graphile_worker._private_jobs");
});
afterAll(async () => {
  await pool?.end();
  await shop?.close();
});

/** A whole worker in a process of its own; its canned agent takes its time. */
const startVictim = () => otherProcess(shop.db.url, "./worker-process-main.ts");
/** A whole worker in this process; its canned agent does not. */
const startColleague = () =>
  startWorker({
    services: shop.services,
    settings: shop.settings,
    log: createLog({ ...shop.settings, logLevel: "silent" }),
    databaseUrl: shop.db.url,
    inTx: shop.db.inTx,
    tasks: { ...shop.services.tasks, "forget-idempotent-answers": async () => undefined },
    followSettlements: () => shop.outside.wallet.followSettlements(() => undefined),
  } as unknown as Container);

const rowOf = (id: string) => shop.db.prisma.job.findUniqueOrThrow({ where: { id } });
const lockOf = async (jobId: string) => {
  const { rows } = await pool.query<{ locked_by: string | null; locked_at: Date | null }>(
    "SELECT locked_by, locked_at FROM graphile_worker._private_jobs WHERE payload->>'jobId' = $1",
    [jobId],
  );
  return rows[0]?.locked_by ?? null;
};

/** A job whose work the victim is at just now: some of the answer is already written. */
async function inMidTask(): Promise<{ jobId: string; lockedBy: string; attempt: number }> {
  const { jobs, invoices } = shop.services;
  const { jobId, evalInvoice } = unwrap(
    await jobs.create({ request: "[slow] a haiku", clientKey: "me", pubkey: null }),
  );
  await shop.payOutside(evalInvoice.paymentHash);
  unwrap(await invoices.lookUp(evalInvoice.paymentHash));
  await expect.poll(async () => (await rowOf(jobId)).state, SOON).toBe("awaiting_work_payment");
  const { workInvoice } = unwrap(await jobs.view(jobId));
  await shop.payOutside(workInvoice?.paymentHash ?? "");
  unwrap(await invoices.lookUp(workInvoice?.paymentHash ?? ""));
  await expect.poll(() => shop.db.prisma.jobEvent.count({ where: { jobId, type: "delta" } }), SOON).toBeGreaterThan(0);
  const lockedBy = await lockOf(jobId);
  expect(lockedBy).not.toBeNull();
  return { jobId, lockedBy: lockedBy ?? "", attempt: (await rowOf(jobId)).attempt };
}

test("the task of a worker that was killed in the middle of it is taken over by another within seconds", async () => {
  victim = await startVictim();
  const { jobId, attempt } = await inMidTask();
  colleague = await startColleague();
  await victim.kill();
  await expect.poll(async () => (await rowOf(jobId)).attempt, TAKEN_OVER_WITHIN).toBe(attempt + 1);
  await expect.poll(async () => (await rowOf(jobId)).state, SOON).toBe("complete");
  expect(unwrap(await shop.services.books.prove())).toMatchObject({ ok: true });
});

test("a worker that lives keeps its task, however long it takes", async () => {
  victim = await startVictim();
  const { jobId, lockedBy, attempt } = await inMidTask();
  await pool.query("UPDATE graphile_worker._private_jobs SET locked_at = locked_at - interval '1 hour'");
  expect(await reapDeadWorkers(pool)).toBe(0);
  expect(await lockOf(jobId)).toBe(lockedBy);
  expect((await rowOf(jobId)).attempt).toBe(attempt);
});

test("a worker proves that it lives again after its proof was cut off", async () => {
  victim = await startVictim();
  const proofs = async () => {
    const { rows } = await pool.query(
      "SELECT DISTINCT l.pid FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE l.locktype = 'advisory' AND l.granted AND a.datname = current_database() AND a.application_name = 'timmy liveness'",
    );
    return rows.map(({ pid }) => pid as number);
  };
  await expect.poll(async () => (await proofs()).length, SOON).toBe(1);
  const [before] = await proofs();
  await pool.query("SELECT pg_terminate_backend($1)", [before]);
  await expect.poll(async () => (await proofs()).filter((pid) => pid !== before).length, SOON).toBe(1);
  const { lockedBy } = await inMidTask();
  await pool.query("UPDATE graphile_worker._private_jobs SET locked_at = locked_at - interval '1 hour'");
  expect(await reapDeadWorkers(pool)).toBe(0);
  expect(lockedBy).toBeTruthy();
});

test("a worker that is told to stop lets go of its task, and another finishes it", async () => {
  victim = await startVictim();
  const { jobId, attempt } = await inMidTask();
  await victim.stop();
  victim = undefined;
  expect(await rowOf(jobId)).toMatchObject({ state: "executing", attempt });
  // Due at once, as if it had never been begun: it has not failed.
  const { rows: waiting } = await pool.query(
    `SELECT key, locked_by, attempts, last_error, run_at <= now() AS due FROM graphile_worker._private_jobs
     WHERE payload->>'jobId' = $1`,
    [jobId],
  );
  expect(waiting).toEqual([{ key: `work:${jobId}`, locked_by: null, attempts: 0, last_error: null, due: true }]);
  colleague = await startColleague();
  await expect.poll(async () => (await rowOf(jobId)).state, SOON).toBe("complete");
  expect((await rowOf(jobId)).attempt).toBe(attempt + 1);
});

test("what a dead worker held is freed, and gone where something newer has taken its place", async () => {
  await using own = await testDatabase();
  const quiet = openPool(own.url, 1, "test");
  await quiet.query(
    "SELECT graphile_worker.add_job('work', job_key => key) FROM unnest(ARRAY['kept', 'replaced']) key",
  );
  await quiet.query(
    "UPDATE graphile_worker._private_jobs SET locked_by = 'gone', locked_at = now() - interval '1 minute', attempts = 1",
  );
  await quiet.query("SELECT graphile_worker.add_job('work', job_key => 'replaced')");
  expect(await reapDeadWorkers(quiet)).toBe(1);
  const { rows } = await quiet.query(
    "SELECT key, locked_by, attempts < max_attempts AS waits FROM graphile_worker._private_jobs ORDER BY key",
  );
  expect(rows).toEqual([
    { key: "kept", locked_by: null, waits: true },
    { key: "replaced", locked_by: null, waits: true },
  ]);
  await quiet.end();
});

test("a task that is replaced at the moment at which it is freed is there once", async () => {
  await using own = await testDatabase();
  const busy = openPool(own.url, 8, "test");
  const add = () => busy.query("SELECT graphile_worker.add_job('work', job_key => 'replaced')");
  for (let round = 0; round < 20; round += 1) {
    await add();
    await busy.query(
      "UPDATE graphile_worker._private_jobs SET locked_by = 'gone', locked_at = now() - interval '1 minute', attempts = 1",
    );
    await Promise.all([reapDeadWorkers(busy), add(), reapDeadWorkers(busy), add()]);
    const { rows } = await busy.query(
      "SELECT key, locked_by, attempts < max_attempts AS waits FROM graphile_worker._private_jobs",
    );
    expect(rows).toEqual([{ key: "replaced", locked_by: null, waits: true }]);
  }
  await busy.end();
});

test("a worker that has just taken a task is not mistaken for a dead one", async () => {
  // Without workers: their reapers would be quicker than this test.
  await using own = await testDatabase();
  const quiet = openPool(own.url, 1, "test");
  const taken = async (age: string) => {
    await quiet.query("BEGIN"); // in which time stands still
    await quiet.query("SELECT graphile_worker.add_job('work', job_key => 'work')");
    await quiet.query(
      `UPDATE graphile_worker._private_jobs SET locked_by = 'newborn', locked_at = now() - interval '${age}'`,
    );
    const reaped = await reapDeadWorkers(quiet);
    const { rows } = await quiet.query("SELECT locked_by FROM graphile_worker._private_jobs WHERE key = 'work'");
    await quiet.query("ROLLBACK");
    return [reaped, rows[0].locked_by];
  };
  expect(await taken("2 seconds")).toEqual([0, "newborn"]);
  expect(await taken("4 seconds")).toEqual([1, null]);
  await quiet.end();
});
