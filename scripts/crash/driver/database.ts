import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { z } from "zod";
import { ensureEmbeddedPostgres } from "~/db/embedded-postgres";
import { migrate } from "~/db/migrate";
import { writersAmong } from "../server/sql";

export type LaneDatabases = {
  /** A migrated database of its own for each lane. */
  make(name: string): Promise<string>;
  /** Names of the functions of ours and of the queue that may write. */
  writers: string[];
  stop(): Promise<void>;
};

/** One Postgres that lives as long as the driver, so that the servers alone are killed. */
export async function openDatabases(): Promise<LaneDatabases> {
  const dataDir = await mkdtemp(join(tmpdir(), "timmy-crash-"));
  const postgres = await ensureEmbeddedPostgres({ dataDir, durable: false });
  await migrate(postgres.url);
  const template = new URL(postgres.url).pathname.slice(1);
  const functions = await query(
    postgres.url,
    `SELECT proname AS name, prosrc AS body FROM pg_proc WHERE provolatile = 'v'
     AND pronamespace IN ('public'::regnamespace, 'graphile_worker'::regnamespace)`,
  );
  return {
    async make(name) {
      await query(urlOf(postgres.url, "postgres"), `CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY file_copy`);
      return urlOf(postgres.url, name);
    },
    writers: [...writersAmong(z.array(z.object({ name: z.string(), body: z.string() })).parse(functions))],
    async stop() {
      await postgres.stop();
      await rm(postgres.dataDir, { recursive: true, force: true });
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function urlOf(url: string, database: string): string {
  const other = new URL(url);
  other.pathname = `/${database}`;
  return other.href;
}

async function query(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}
