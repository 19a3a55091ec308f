/**
 * `npm run test:cluster`: two webs and two workers on one database, under load. Each is ended by SIGTERM in turn and
 * started again: no request fails. Then each by `kill -9`: what failed succeeds when it is sent again with the same
 * Idempotency-Key. In the end every job is at its end, and the books balance to the msat.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { ensureEmbeddedPostgres } from "~/db/embedded-postgres";
import { migrate } from "~/db/migrate";
import { createContainer } from "~/server/container";
import { settingsFrom } from "~/server/env";
import { ensureBuilt } from "../steps/build.mjs";
import { cleanProcessEnv } from "../steps/clean-env.mjs";
import { inRoot } from "../steps/root.mjs";
import { type Balancer, startBalancer } from "./balancer";
import { Member } from "./member";
import { type Requests, requests } from "./requests";
import { jobVisitor, sessionVisitor } from "./visitors";

const REPORT = inRoot(".reports", "cluster.json");
const SECRET = "the secret of a cluster in a test";
const JOB_VISITORS = 5;
const SESSION_VISITORS = 2;
/** Under load before the next one is ended, and after the last. */
const BETWEEN_MS = 1_500;
const SETTLE_LIMIT_MS = 45_000;

/** What must be nothing once everything has come to its end. */
const LEFT_OVER: Readonly<Record<string, string>> = {
  "every job is at its end": "SELECT id, state FROM job WHERE state <> 'complete'",
  "every session is closed": "SELECT id, state FROM session WHERE state <> 'closed'",
  "nothing is held, owed or in flight any more": `SELECT kind, owner, balance_msat FROM ledger_account
    WHERE kind IN ('escrow', 'owed', 'in_flight', 'prepaid', 'held') AND balance_msat > 0`,
  "no payout is left open": "SELECT id, state, note FROM payout WHERE state IN ('queued', 'sending')",
};

cleanProcessEnv();
rmSync(REPORT, { force: true });
const startedAt = Date.now();
const say = (line: string) => console.log(`${Math.round((Date.now() - startedAt) / 1000)} s: ${line}`);
const checks: { name: string; fault: string | null }[] = [];
const check = (name: string, fault: string | null) => {
  checks.push({ name, fault });
  say(`${fault === null ? "✔" : "✘"} ${name}${fault === null ? "" : `\n    ${fault}`}`);
};

const stops: (() => Promise<unknown>)[] = [];
try {
  await ensureBuilt();
  await run();
} catch (error) {
  check("the run itself", error instanceof Error ? (error.stack ?? error.message) : String(error));
} finally {
  for (const stop of stops.reverse()) await stop().catch((error: unknown) => console.error(error));
}
const failed = checks.filter(({ fault }) => fault !== null).length;
const counts = { passed: checks.length - failed, failed, skipped: 0 };
mkdirSync(inRoot(".reports"), { recursive: true });
writeFileSync(REPORT, `${JSON.stringify(counts, null, 2)}\n`);
say("the end");
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = failed > 0 ? 1 : 0;

async function run(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), "timmy-cluster-"));
  stops.push(async () => rmSync(dataDir, { recursive: true, force: true }));
  const postgres = await ensureEmbeddedPostgres({ dataDir, durable: false });
  stops.push(async () => {
    await postgres.stop();
    rmSync(postgres.dataDir, { recursive: true, force: true });
  });
  await migrate(postgres.url);
  const pool = new pg.Pool({ connectionString: postgres.url, max: 2 });
  pool.on("error", () => undefined);
  stops.push(() => pool.end());

  const env = {
    DATABASE_URL: postgres.url,
    DATA_DIR: dataDir,
    TIMMY_TOKEN_SECRET: SECRET,
    HOST: "127.0.0.1",
    LOG_LEVEL: "warn",
    ORDERS_PER_MINUTE: "1000000",
    MAX_OPEN_ORDERS: "1000000",
    DATABASE_POOL_SIZE: "8",
    WORKER_CONCURRENCY: "6",
  };
  const ports = [await freePort(), await freePort()];
  const members = [
    new Member("web 1", "web", { ...env, PORT: String(ports[0]) }),
    new Member("worker 1", "worker", env),
    new Member("web 2", "web", { ...env, PORT: String(ports[1]) }),
    new Member("worker 2", "worker", env),
  ];
  for (const member of members) {
    stops.push(async () => void (await member.end("SIGTERM")));
    await member.start();
  }
  const balancer = await startBalancer(ports);
  stops.push(() => balancer.stop());
  const client = requests(balancer.url);
  check("two webs and two workers know of each other", await whoLives(client));

  const load = startLoad(client);
  stops.push(() => load.end());
  await pause(BETWEEN_MS);
  await eachInTurn("SIGTERM", members, client, balancer);
  await eachInTurn("SIGKILL", members, client, balancer);
  await load.end();
  check("every visitor went the whole way", load.faults.length > 0 ? load.faults.slice(0, 3).join("\n    ") : null);
  say(`${load.done.jobs} jobs and ${load.done.sessions} sessions, ${client.answered()} answers`);
  check("there was a load", load.done.jobs < 10 || load.done.sessions < 2 ? JSON.stringify(load.done) : null);

  for (const [name, sql] of Object.entries(LEFT_OVER)) check(name, await gone(pool, sql));
  const { rows } = await pool.query("SELECT count(*)::int AS jobs FROM job");
  check("each key came to one job", rows[0].jobs === load.begun.jobs ? null : `${rows[0].jobs} of ${load.begun.jobs}`);
  check("the books balance", await proofOf(postgres.url));
}

/** Ends each under load and starts it again; every one of them has served, or worked, before the next one goes. */
async function eachInTurn(
  signal: "SIGTERM" | "SIGKILL",
  members: readonly Member[],
  client: Requests,
  balancer: Balancer,
): Promise<void> {
  const before = client.failures.length;
  const faults: string[] = [];
  for (const member of members) {
    const fault = await member.end(signal);
    if (fault) faults.push(fault);
    await pause(BETWEEN_MS);
    await member.start();
    await pause(BETWEEN_MS);
    say(`${member.name} was ended by ${signal} and is back`);
  }
  const failures = client.failures.slice(before).map(({ what }) => what);
  if (signal === "SIGTERM") {
    check("each ends in order when it is told to", faults.join("; ") || null);
    check(
      "no request fails while one after the other is ended by SIGTERM",
      failures.slice(0, 5).join("\n    ") || null,
    );
    const idle = [...balancer.answered].filter(([, count]) => count === 0);
    check("both webs served", idle.length > 0 ? `no answer from ${idle.map(([port]) => port).join()}` : null);
  } else {
    check("each lived until it was killed", faults.join("; ") || null);
    say(`${failures.length} requests failed when servers were killed, and were sent again`);
  }
}

type Load = {
  begun: { jobs: number };
  done: { jobs: number; sessions: number };
  faults: string[];
  /** No new visitors; waits for those that are there. */
  end(): Promise<void>;
};

function startLoad(client: Requests): Load {
  const faults: string[] = [];
  const begun = { jobs: 0 };
  const done = { jobs: 0, sessions: 0 };
  let open = true;
  const visit = async (go: (number: number) => Promise<void>, finished: () => void) => {
    for (let number = 1; open; number += 1) {
      try {
        await go(number);
        finished();
      } catch (error) {
        faults.push(error instanceof Error ? error.message : String(error));
        return;
      }
    }
  };
  const visitors = [
    ...Array.from({ length: JOB_VISITORS }, () =>
      visit(
        (number) => {
          begun.jobs += 1;
          return jobVisitor(client, number);
        },
        () => {
          done.jobs += 1;
        },
      ),
    ),
    ...Array.from({ length: SESSION_VISITORS }, () =>
      visit(
        (number) => sessionVisitor(client, number),
        () => {
          done.sessions += 1;
        },
      ),
    ),
    visit(
      async () => {
        const { status } = await client.get("/");
        if (status !== 200) throw new Error(`the page was answered with ${status}`);
        await pause(200);
      },
      () => undefined,
    ),
  ];
  return {
    begun,
    done,
    faults,
    async end() {
      open = false;
      await Promise.all(visitors);
    },
  };
}

/** As the operator sees them. */
async function whoLives(client: Requests): Promise<string | null> {
  const { adminToken } = await settingsFrom({ TIMMY_TOKEN_SECRET: SECRET });
  const headers = { authorization: `Bearer ${adminToken}` };
  let sides = "";
  for (let tries = 0; tries < 50; tries += 1) {
    const { body } = await client.get("/api/admin/node-status", headers);
    const processes = body.processes as { side: string; alive: boolean }[];
    sides = processes
      .flatMap(({ side, alive }) => (alive ? side : []))
      .sort()
      .join(", ");
    if (sides === "web, web, worker, worker") return null;
    await pause(200);
  }
  return `alive: ${sides}`;
}

async function gone(pool: pg.Pool, sql: string): Promise<string | null> {
  const limit = Date.now() + SETTLE_LIMIT_MS;
  for (;;) {
    const { rows } = await pool.query(sql);
    if (rows.length === 0) return null;
    if (Date.now() > limit) return JSON.stringify(rows.slice(0, 3));
    await pause(500);
  }
}

/** As `npm run books` does: beside the running servers, by the app's own proof. */
async function proofOf(databaseUrl: string): Promise<string | null> {
  const settings = await settingsFrom({ TIMMY_TOKEN_SECRET: SECRET, DATABASE_URL: databaseUrl, LOG_LEVEL: "silent" });
  const container = await createContainer(settings, databaseUrl);
  try {
    const proof = await container.services.books.prove();
    if (!proof.ok) return proof.error.detail;
    const { walletMsat, ledgerMsat, faults } = proof.value.terms;
    return proof.value.ok && walletMsat === ledgerMsat
      ? null
      : `wallet ${walletMsat}, ledger ${ledgerMsat} ${faults.join("; ")}`;
  } finally {
    await container.close();
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
