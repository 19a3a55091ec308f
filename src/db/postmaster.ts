import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chown, open, readFile, readlink, realpath, rename, rm, stat } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import type { PostgresBinaries } from "./postgres-binaries";
import { isAlive } from "./postgres-cluster";
import { asAccountOf, type PostgresHome } from "./postgres-home";

const logLimitBytes = 20_000_000;
const shutdownPatienceMs = 60_000;

/** A running server as its `postmaster.pid` tells it. Port 0: it has not got that far. */
export type Postmaster = { readonly pid: number; readonly port: number };

const pidFileOf = (data: string) => join(data, "postmaster.pid");

/** Reads `postmaster.pid` (pid, data folder, start time, port, …, one a line), whether or not it still is true. */
export async function readPostmaster(data: string): Promise<Postmaster | null> {
  const text = await readFile(pidFileOf(data), "utf8").catch(() => "");
  const [pid, , , port] = text.split("\n").map(Number);
  return pid ? { pid: Math.abs(pid), port: port || 0 } : null;
}

/**
 * Puts a `postmaster.pid` out of the way whose process is gone or is no Postgres of this folder: Postgres itself would
 * refuse to start if the id had been given to another process of the same account.
 */
export async function removeStalePidFile(data: string, { pid }: Postmaster): Promise<void> {
  if (isAlive(pid) && (await isPostgresOf(data, pid))) return;
  const aside = `${pidFileOf(data)}.stale-${process.pid}`;
  await rename(pidFileOf(data), aside).catch(() => undefined);
  const moved = Number((await readFile(aside, "utf8").catch(() => "")).split("\n")[0]);
  // Somebody was quicker, and what we moved is the file of the server that they have started: give it back.
  if (moved && Math.abs(moved) !== pid) await rename(aside, pidFileOf(data));
  else await rm(aside, { force: true });
}

async function isPostgresOf(data: string, pid: number): Promise<boolean> {
  if (process.platform === "win32") return true;
  const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => null);
  if (cwd !== null) return cwd === (await realpath(data)); // a postmaster works in its data folder
  const ps = await promisify(execFile)("ps", ["-o", "command=", "-p", String(pid)]).catch(() => null);
  return ps?.stdout.includes("postgres") === true && ps.stdout.includes(data);
}

export type StartedPostgres = { readonly pid: number; readonly hasExited: () => boolean; complaint(): Promise<string> };

/** Spawns the server in a session of its own, so that the terminal's Ctrl-C does not reach it before we are done. */
export async function spawnPostgres(
  binaries: PostgresBinaries,
  home: PostgresHome,
  data: string,
  { port, durable }: { port: number; durable: boolean },
): Promise<StartedPostgres> {
  const log = await openLog(home);
  const written = (await log.stat()).size;
  const settings = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    max_connections: 200,
    shared_buffers: "128MB",
    random_page_cost: 1.1,
    jit: "off", // its compiling costs more than our short statements
    timezone: "UTC",
    log_timezone: "UTC",
    log_checkpoints: "off",
    ...(durable ? {} : { fsync: "off", synchronous_commit: "off", full_page_writes: "off" }),
  };
  const parameters = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const child = spawn(binaries.postgres, ["-D", data, "-p", String(port), ...parameters], {
    ...asAccountOf(home),
    detached: true,
    windowsHide: true,
    stdio: ["ignore", log.fd, log.fd],
  });
  await once(child, "spawn").finally(() => log.close());
  child.unref();
  return {
    pid: child.pid ?? 0,
    hasExited: () => child.exitCode !== null || child.signalCode !== null,
    complaint: async () => (await readFile(logFileOf(home))).subarray(written).toString("utf8").trim(),
  };
}

const logFileOf = (home: PostgresHome) => join(home.folder, "postgres.log");

async function openLog(home: PostgresHome) {
  const file = logFileOf(home);
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  if (size > logLimitBytes) await rename(file, `${file}.old`);
  const log = await open(file, "a", 0o600);
  if (home.account) await chown(file, home.account.uid, home.account.gid);
  return log;
}

/** Fast shutdown: connections are closed, everything is written, and the promise waits for the end of it. */
export async function shutDown(data: string, pid: number): Promise<void> {
  const deadline = Date.now() + shutdownPatienceMs;
  if (isAlive(pid)) process.kill(pid, "SIGINT");
  let finished = 0; // rounds since its pid file went; a dead orphan that nobody collects keeps its process id
  while (isAlive(pid) && finished < 25) {
    if (Date.now() > deadline) throw new Error(`The embedded Postgres (process ${pid}) does not stop.`);
    if (!(await readPostmaster(data))) finished += 1;
    await sleep(10);
  }
}

/** The wanted port if it is free, else one that is. */
export async function freePort(wanted: number): Promise<number> {
  for (const port of [wanted, 0]) {
    const server = createServer().listen(port, "127.0.0.1");
    const listening = await once(server, "listening").catch(() => null);
    const address = server.address();
    if (!listening || address === null || typeof address === "string") continue;
    server.close();
    await once(server, "close");
    return address.port;
  }
  throw new Error("no free port on 127.0.0.1");
}
