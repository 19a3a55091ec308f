import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { ensureEmbeddedPostgres } from "~/db/embedded-postgres";
import { migrate } from "~/db/migrate";
import { isAlive } from "~/db/postgres-cluster";

const prefix = "timmy-test-postgres-";

declare module "vitest" {
  export interface ProvidedContext {
    /** A migrated database that nobody connects to: the template of each test file's own. */
    templateUrl: string;
  }
}

/** vitest's globalSetup: one Postgres for the run, with one migrated database to copy. Returns its end. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await removeLeftovers();
  const dataDir = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`));
  const postgres = await ensureEmbeddedPostgres({ dataDir, durable: false });
  const teardown = async () => {
    await postgres.stop();
    await rm(postgres.dataDir, { recursive: true, force: true }); // for root it may be elsewhere
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    await migrate(postgres.url);
  } catch (error) {
    await teardown();
    throw error;
  }
  project.provide("templateUrl", postgres.url);
  return teardown;
}

/** A run that was killed leaves its server running; nobody else stops it. */
async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(prefix)) continue;
    const owner = Number.parseInt(name.slice(prefix.length), 10);
    if (isAlive(owner)) continue;
    const dataDir = join(tmpdir(), name);
    try {
      const left = await ensureEmbeddedPostgres({ dataDir, durable: false });
      await left.stop();
      await rm(left.dataDir, { recursive: true, force: true });
      await rm(dataDir, { recursive: true, force: true });
    } catch {
      // Another account's, or another run is at it: no reason for this run to fail.
    }
  }
}
