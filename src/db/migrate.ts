import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Logger, runMigrations } from "graphile-worker";
import pg from "pg";

const migrationsLock = 7_461_322; // advisory lock: many processes may start at once, one migrates

/**
 * Brings the database to the schema of prisma/migrations and to that of the job queue; makes the database if it is not
 * there. Costs one query when there is nothing to do. `applied`: how many of our migrations it applied.
 * Throws with what Prisma printed when one fails; Postgres has then undone that migration whole.
 */
export async function migrate(url: string): Promise<{ applied: number }> {
  const client = await connectMakingDatabase(url);
  client.on("error", () => undefined); // a lost connection shows in the query that needs it
  try {
    await client.query("select pg_advisory_lock($1)", [migrationsLock]);
    const missing = await missingMigrations(client);
    if (missing.length > 0) await deploy(url);
    const left = missing.length > 0 ? await missingMigrations(client) : [];
    if (left.length > 0) throw new Error(`Prisma left migrations unapplied: ${left.join(", ")}`);
    await installQueue(url);
    return { applied: missing.length };
  } finally {
    await client.end(); // and with it the lock
  }
}

async function connectMakingDatabase(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    if ((error as { code?: string }).code !== "3D000") throw error; // database does not exist
  }
  const server = new URL(url);
  const name = decodeURIComponent(server.pathname.slice(1));
  server.pathname = "/postgres";
  const maintenance = new pg.Client({ connectionString: server.href });
  await maintenance.connect();
  await maintenance
    .query(`create database ${pg.escapeIdentifier(name)}`)
    .catch((error) => {
      const madeByAnother = ["42P04", "23505"].includes(error.code);
      if (!madeByAnother) throw error;
    })
    .finally(() => maintenance.end());
  const made = new pg.Client({ connectionString: url });
  await made.connect();
  return made;
}

/** Migrations that the database does not have finished as they are in the folder (Prisma keeps the SHA-256 of each). */
async function missingMigrations(client: pg.Client): Promise<string[]> {
  const folder = join(projectRoot(), "prisma", "migrations");
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const wanted = await Promise.all(
    names.map(async (name) => {
      const sql = await readFile(join(folder, name, "migration.sql"));
      return { name, checksum: createHash("sha256").update(sql).digest("hex") };
    }),
  );
  const { rows } = await client
    .query<{ name: string; checksum: string }>(
      `select migration_name as name, checksum from _prisma_migrations
       where finished_at is not null and rolled_back_at is null`,
    )
    .catch((error) => {
      if (error.code === "42P01") return { rows: [] }; // no such table: a new database
      throw error;
    });
  const has = new Map(rows.map((row) => [row.name, row.checksum]));
  const changed = wanted.filter(({ name, checksum }) => has.has(name) && has.get(name) !== checksum);
  if (changed.length > 0) {
    throw new Error(`Migrations were changed after they had been applied: ${changed.map((m) => m.name).join(", ")}`);
  }
  return wanted.filter(({ name }) => !has.has(name)).map(({ name }) => name);
}

async function deploy(url: string): Promise<void> {
  const root = projectRoot();
  const prisma = join(root, "node_modules", "prisma", "build", "index.js");
  // None of our environment but what it needs: `node` on the path for the schema engine's first line.
  const env = {
    ...{ DATABASE_URL: url, PATH: dirname(process.execPath), CHECKPOINT_DISABLE: "1", NO_COLOR: "1" },
    NODE_ENV: "production" as const,
  };
  try {
    await promisify(execFile)(process.execPath, [prisma, "migrate", "deploy"], { cwd: root, env });
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    throw new Error(`The database could not be migrated:\n${`${stdout}\n${stderr}`.trim()}`, { cause: error });
  }
}

async function installQueue(url: string): Promise<void> {
  await runMigrations({ connectionString: url, maxPoolSize: 1, logger: new Logger(() => () => undefined) });
}

/** The nearest folder above with a package.json: this file may run from src/ or bundled from dist/. */
function projectRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json"))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error(`no package.json above ${fileURLToPath(import.meta.url)}`);
    folder = parent;
  }
  return folder;
}
