import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chown, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { PostgresBinaries } from "./postgres-binaries";
import { asAccountOf, type PostgresHome } from "./postgres-home";

const run = promisify(execFile);
export const superuser = "timmy";

/** Postgres's own data folder, and the password of its superuser. */
export type Cluster = { readonly data: string; readonly password: string };

/**
 * Opens the cluster in `home.folder/cluster`, making it first if there is none. It is made in a draft folder and moved
 * into place, so that a crash half-way, or two processes at once, never leave half a cluster.
 */
export async function openCluster(home: PostgresHome, binaries: PostgresBinaries, durable: boolean): Promise<Cluster> {
  const folder = join(home.folder, "cluster");
  if (!(await stat(folder).catch(() => null))) await makeCluster(folder, home, binaries, durable);
  const data = join(folder, "data");
  const [version, password] = await Promise.all(
    [join(data, "PG_VERSION"), join(folder, "password")].map(async (file) => (await readFile(file, "utf8")).trim()),
  );
  const { stdout } = await run(binaries.postgres, ["--version"], asAccountOf(home));
  const ours = /\d+/.exec(stdout)?.[0];
  if (version !== ours || !password) {
    throw new Error(`${data} was written by Postgres ${version}, and this is ${ours}: dump it there, load it here.`);
  }
  return { data, password };
}

async function makeCluster(folder: string, home: PostgresHome, binaries: PostgresBinaries, durable: boolean) {
  await removeAbandonedDrafts(home.folder);
  const draft = await mkdtemp(join(home.folder, `initialising-${process.pid}-`));
  try {
    const passwordFile = join(draft, "password");
    await writeFile(passwordFile, `${randomBytes(24).toString("base64url")}\n`, { mode: 0o600, flush: true });
    if (home.account) {
      await chown(draft, home.account.uid, home.account.gid);
      await chown(passwordFile, home.account.uid, home.account.gid);
    }
    const locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"];
    const access = [`--username=${superuser}`, `--pwfile=${passwordFile}`, "--auth=scram-sha-256"];
    const sync = durable ? [] : ["--no-sync"];
    const parameters = [`--pgdata=${join(draft, "data")}`, ...access, ...locale, "--no-instructions", ...sync];
    await run(binaries.initdb, parameters, asAccountOf(home));
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!(await stat(folder).catch(() => null))) throw error; // else another process was first: its cluster will do
  }
}

async function removeAbandonedDrafts(home: string): Promise<void> {
  for (const name of await readdir(home)) {
    const maker = /^initialising-(\d+)-/.exec(name)?.[1];
    if (maker && !isAlive(Number(maker))) await rm(join(home, name), { recursive: true, force: true });
  }
}

/** Whether any process has this id: also one of somebody else. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
