import { spawn } from "node:child_process";
import { chmod, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";
import { ensureEmbeddedPostgres } from "~/db/embedded-postgres";
import { migrate } from "~/db/migrate";

declare module "vitest" {
  export interface ProvidedContext {
    /** A migrated database that nobody connects to: the template of each test file's own. */
    templateUrl: string;
  }
}

/** vitest's globalSetup: one Postgres for the run, with one migrated database to copy. Returns its end. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), `timmy-test-postgres-${process.pid}-`));
  await chmod(dataDir, 0o711); // for root, Postgres is another account
  const postgres = await ensureEmbeddedPostgres({ dataDir, durable: false });
  const keeper = removeWhenWeEnd(dataDir, postgres.dataDir);
  const teardown = async () => {
    await postgres.stop();
    await keeper.end();
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

/**
 * A small process that stops the server and deletes its folders once this one has ended, however it ends: on a signal
 * vitest runs no teardown. It notices by the end of its standard input.
 */
function removeWhenWeEnd(...folders: [string, string]): { end(): Promise<void> } {
  const program = `
    import { rm } from "node:fs/promises";
    import { join } from "node:path";
import { fileURLToPath } from "node:url";
    import { readPostmaster, shutDown } from "./src/db/postmaster.ts";
    const folders = process.argv.slice(1);
    process.stdin.resume().on("end", async () => {
      const data = join(folders[1], "cluster", "data");
      const running = await readPostmaster(data);
      if (running) await shutDown(data, running.pid);
      for (const folder of folders) await rm(folder, { recursive: true, force: true });
    });`;
  const parameters = ["--import", "tsx", "--input-type=module", "-e", program, ...folders];
  const cwd = fileURLToPath(new URL("../..", import.meta.url));
  const keeper = spawn(process.execPath, parameters, { cwd, detached: true, stdio: ["pipe", "ignore", "inherit"] });
  const ended = new Promise<void>((resolve) => {
    keeper.on("exit", () => resolve());
    keeper.on("error", () => resolve());
  });
  return {
    end: () => {
      keeper.stdin.end();
      return ended;
    },
  };
}
