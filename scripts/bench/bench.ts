import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { type EmbeddedPostgres, ensureEmbeddedPostgres } from "~/db/embedded-postgres";
import { migrate } from "~/db/migrate";

/** What all parts measure on. */
export type Bench = {
  /** Few and short rounds: shows that the bench works, and nothing else. */
  quick: boolean;
  /** A folder that is gone afterwards. */
  folder: string;
  /** A new, migrated database on the bench's own Postgres, which syncs every commit as in production. */
  database(name: string): Promise<string>;
  /** Runs at the end, the last one first, whatever happened. */
  atEnd(stop: () => Promise<unknown>): void;
};

export async function openBench(quick: boolean): Promise<Bench & { close(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "timmy-bench-"));
  const stops: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  let postgres: EmbeddedPostgres | null = null;

  async function openPostgres(): Promise<EmbeddedPostgres> {
    const opened = await ensureEmbeddedPostgres({ dataDir: folder, durable: true });
    // As root its data may have gone elsewhere.
    stops.push(() => rm(opened.dataDir, { recursive: true, force: true }));
    stops.push(() => opened.stop());
    return opened;
  }

  return {
    quick,
    folder,
    async database(name) {
      postgres ??= await openPostgres();
      const url = new URL(postgres.url);
      url.pathname = `/${name}`;
      await migrate(url.href);
      return url.href;
    },
    atEnd: (stop) => void stops.push(stop),
    async close() {
      for (const stop of stops.splice(0).reverse()) await stop().catch((error: unknown) => console.error(error));
    },
  };
}

/** Throws the database away, with whoever is still connected to it. */
export async function dropDatabase(databaseUrl: string): Promise<void> {
  const url = new URL(databaseUrl);
  const name = url.pathname.slice(1);
  url.pathname = "/postgres";
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  await client.query(`drop database ${pg.escapeIdentifier(name)} with (force)`).finally(() => client.end());
}
