import { accessSync, chmodSync, constants } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "prisma/config";

process.env.CHECKPOINT_DISABLE = "1"; // no question for newer versions

// Windows starts no script by its first line: there Prisma downloads its own engine.
if (process.platform !== "win32") {
  const engine = fileURLToPath(new URL("./prisma/schema-engine.mjs", import.meta.url));
  makeExecutable(engine);
  process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= engine;
}

/** Archives and some file systems lose the mark that git keeps. */
function makeExecutable(file: string): void {
  try {
    accessSync(file, constants.X_OK);
  } catch {
    chmodSync(file, 0o755);
  }
}

const url = process.env.DATABASE_URL;

export default defineConfig({
  schema: "prisma/schema.prisma",
  migrations: { path: "prisma/migrations" },
  ...(url ? { datasource: { url } } : {}),
});
