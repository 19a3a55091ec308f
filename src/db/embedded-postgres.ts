import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { postgresBinaries } from "./postgres-binaries";
import { openCluster, superuser } from "./postgres-cluster";
import { postgresHome } from "./postgres-home";
import { freePort, readPostmaster, removeStalePidFile, shutDown, spawnPostgres } from "./postmaster";

const patienceMs = 120_000; // recovery after a crash is part of a start
const holdersLock = 7_461_321; // advisory lock in database "postgres": shared by users, exclusive to who shuts down

export type EmbeddedPostgres = {
  /** `postgresql://…/timmy`; the database itself is made by `migrate`. */
  readonly url: string;
  /** False if the server ran already, started by another process or by one that was killed. */
  readonly startedHere: boolean;
  /** Where everything of it is kept. */
  readonly dataDir: string;
  /** Lets go of it. The last process that lets go shuts the server down and waits for its end. */
  stop(): Promise<void>;
};

export type EmbeddedPostgresOptions = {
  readonly dataDir: string;
  /** False trades safety against power cuts for speed: for tests only. */
  readonly durable?: boolean;
  readonly log?: (line: string) => void;
};

/**
 * The Postgres server of a data folder, used if it runs and started if not. Any number of processes may ask at once:
 * Postgres's own lock file decides who starts it, and each holds a shared advisory lock for as long as it uses it, which
 * ends with the process however it ends. Throws if there is no server within two minutes.
 */
export async function ensureEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { dataDir, durable = true, log = () => undefined } = options;
  const home = await postgresHome(dataDir, log);
  const binaries = await postgresBinaries(home);
  const { data, password } = await openCluster(home, binaries, durable);
  const portFile = join(home.folder, "port"); // the same port again, so that a noted URL and other processes' pools hold
  const urlAt = (port: number, database: string) =>
    `postgresql://${superuser}:${password}@127.0.0.1:${port}/${database}`;
  const held = (holder: Holder, pid: number, port: number, startedHere: boolean): EmbeddedPostgres => {
    const stop = once(async () => {
      holder.ref();
      // The connection may have been lost, and the server not: then it is taken again, to be released in order.
      const current = (await answers(holder)) ? holder : await takeHold(urlAt(port, "postgres"), data);
      if (typeof current !== "string") await letGo(current, () => shutDown(data, pid));
    });
    return { url: urlAt(port, "timmy"), startedHere, dataDir: home.folder, stop };
  };

  const deadline = Date.now() + patienceMs;
  let complaint = "it does not answer";
  while (Date.now() < deadline) {
    const running = await readPostmaster(data);
    if (running) {
      const holder = await takeHold(urlAt(running.port, "postgres"), data);
      if (holder !== "absent" && holder !== "not now") return held(holder, running.pid, running.port, false);
      if (holder === "absent") await removeStalePidFile(data, running);
      if (await readPostmaster(data)) {
        await sleep(20); // it is starting or shutting down
        continue;
      }
    }
    const port = await freePort(Number(await readFile(portFile, "utf8").catch(() => 0)));
    const started = await spawnPostgres(binaries, home, data, { port, durable });
    while (Date.now() < deadline && !started.hasExited()) {
      const holder = await takeHold(urlAt(port, "postgres"), data);
      if (holder === "absent" || holder === "not now") {
        await sleep(20);
        continue;
      }
      await rm(portFile, { force: true }); // it may belong to root, and the folder to us
      await writeFile(portFile, String(port));
      return held(holder, started.pid, port, true);
    }
    complaint = await started.complaint();
    await sleep(50); // lost to another process, or to a server that is not quite gone
  }
  throw new Error(`The embedded Postgres in ${home.folder} does not start: ${complaint}`);
}

/** A connection whose lock shows, for as long as it is open, that this process uses the server. */
type Holder = pg.Client & { ref(): void; unref(): void }; // pg's types lack the two

async function takeHold(url: string, data: string): Promise<Holder | "absent" | "not now"> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 }) as Holder;
  client.on("error", () => undefined); // the server may end first; whoever queries it will notice
  try {
    await client.connect();
    // A copied data folder brings the password and the postmaster.pid of the original along.
    const { rows } = await client.query("select current_setting('data_directory') as folder");
    if (rows[0]?.folder !== data) throw Object.assign(new Error("another folder's server"), { code: "ECONNREFUSED" });
    await client.query("select pg_advisory_lock_shared($1)", [holdersLock]); // waits while somebody shuts it down
    client.unref(); // holding on is no reason for a process to go on
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    const code = (error as { code?: string }).code ?? "";
    return ["ECONNREFUSED", "28P01", "28000"].includes(code) ? "absent" : "not now";
  }
}

const answers = (holder: Holder) =>
  holder.query("select 1").then(
    () => true,
    () => false,
  );

async function letGo(holder: Holder, shutDownServer: () => Promise<void>): Promise<void> {
  try {
    await holder.query("select pg_advisory_unlock_shared($1)", [holdersLock]);
    const { rows } = await holder.query("select pg_try_advisory_lock($1) as alone", [holdersLock]);
    if (rows[0]?.alone) await shutDownServer();
  } finally {
    await holder.end().catch(() => undefined);
  }
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => {
    result ??= work();
    return result;
  };
}
