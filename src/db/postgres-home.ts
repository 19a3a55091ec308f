import { execFile } from "node:child_process";
import { chmod, chown, mkdir, mkdtemp, readFile, realpath, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";

const run = promisify(execFile);

/** An account of this machine, by the numbers that a process is started with. */
export type Account = { readonly name: string; readonly uid: number; readonly gid: number };

/** Where one embedded Postgres keeps everything, and who runs it (null: whoever we are). */
export type PostgresHome = { readonly folder: string; readonly account: Account | null };

/** What a process of the embedded Postgres is started with: none of our settings, and no privilege of root. */
export function asAccountOf(home: PostgresHome) {
  // Next's types want NODE_ENV in every environment; this one is Postgres's.
  const env = { LC_ALL: "C", TZ: "UTC", PATH: "/usr/bin:/bin" } as Partial<NodeJS.ProcessEnv> as NodeJS.ProcessEnv;
  return { env, cwd: home.folder, ...(home.account && { uid: home.account.uid, gid: home.account.gid }) };
}

/**
 * `dataDir/postgres`, unless that cannot be: Postgres refuses to run as root, so for root it runs as another account,
 * and if that account cannot reach the data folder (say, in a 0700 home) everything goes to a folder of its own under
 * /var/lib, which `dataDir/postgres-elsewhere.json` names from then on.
 */
export async function postgresHome(dataDir: string, log: (line: string) => void): Promise<PostgresHome> {
  await mkdir(dataDir, { recursive: true });
  const base = await realpath(dataDir);
  const here = join(base, "postgres");
  const elsewhere = await rememberedElsewhere(base);
  if (process.getuid?.() !== 0) return homeOfOrdinaryUser(here, elsewhere);
  if (elsewhere) {
    log(`embedded Postgres: its data is in ${elsewhere}, see ${pointerOf(base)}`);
    return { folder: elsewhere, account: await accountFor(elsewhere) };
  }
  const account = await accountFor(here);
  await makeFolderOf(account, here);
  // A data folder that nobody else may enter, in one that everybody may: passing through it shows nothing.
  if (!(await canEnter(account, here)) && (await canEnter(account, dirname(base)))) {
    await chmod(base, (await stat(base)).mode | 0o011);
  }
  if (await canEnter(account, here)) return { folder: here, account };
  if (await exists(join(here, "cluster"))) {
    throw new Error(`The database in ${here} belongs to ${account.name}, who can no longer enter a folder above it.`);
  }
  const folder = await chooseElsewhere(base, account);
  log(`embedded Postgres: runs as ${account.name}, who cannot enter ${base}: its data goes to ${folder}`);
  return { folder, account };
}

async function homeOfOrdinaryUser(here: string, elsewhere: string | null): Promise<PostgresHome> {
  if (elsewhere) throw new Error(`The database was made by root and is in ${elsewhere}: start as root.`);
  await mkdir(here, { recursive: true, mode: 0o700 });
  const { uid } = await stat(here);
  const me = process.getuid?.();
  if (me !== undefined && uid !== me) {
    throw new Error(
      `The database in ${here} belongs to another account (uid ${uid}): start as root, or run chown -R on it.`,
    );
  }
  return { folder: here, account: null };
}

const pointerOf = (base: string) => join(base, "postgres-elsewhere.json");
const Pointer = z.object({ dataDir: z.string(), folder: z.string() });

async function rememberedElsewhere(base: string): Promise<string | null> {
  const text = await readFile(pointerOf(base), "utf8").catch(() => null);
  if (text === null) return null;
  const pointer = Pointer.parse(JSON.parse(text));
  // A data folder that was moved keeps its database; one that was copied must not share the original's.
  const isCopy = pointer.dataDir !== base && (await exists(pointerOf(pointer.dataDir)));
  if (!isCopy) return pointer.folder;
  throw new Error(`${base} is a copy of ${pointer.dataDir}, and both name one database: delete ${pointerOf(base)}.`);
}

async function chooseElsewhere(base: string, account: Account): Promise<string> {
  const folder = await mkdtemp("/var/lib/timmys-workshop-").catch(() => mkdtemp("/var/tmp/timmys-workshop-"));
  await makeFolderOf(account, folder);
  try {
    await writeFile(pointerOf(base), `${JSON.stringify({ dataDir: base, folder }, null, 2)}\n`, { flag: "wx" });
    return folder;
  } catch (error) {
    const others = await rememberedElsewhere(base); // another process chose at the same moment
    if (others) return others;
    throw error;
  }
}

/** The account that owns what is there already, else one that every system has and nobody logs in to. */
async function accountFor(folder: string): Promise<Account> {
  const owner = await stat(folder).catch(() => null);
  const candidates = owner && owner.uid !== 0 ? [String(owner.uid)] : ["postgres", "nobody"];
  for (const candidate of candidates) {
    const asked = await Promise.all(["-un", "-u", "-g"].map((what) => run("id", [what, candidate]))).catch(() => null);
    if (!asked) continue;
    const [name = "", uid, gid] = asked.map((answer) => answer.stdout.trim());
    return { name, uid: Number(uid), gid: Number(gid) };
  }
  throw new Error(`Postgres refuses to run as root, and this system has no account ${candidates.join(" or ")}.`);
}

async function makeFolderOf(account: Account, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chown(folder, account.uid, account.gid);
}

/** Asked of the system, as that account: mode bits alone know nothing of ACLs and of folders further up. */
async function canEnter(account: Account, folder: string): Promise<boolean> {
  const { uid, gid } = account;
  return run("/bin/sh", ["-c", 'cd -- "$1"', "sh", folder], { uid, gid, cwd: "/" }).then(
    () => true,
    () => false,
  );
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );
