/**
 * `npm run restore -- --from FOLDER`: a back-up into the database that the settings name, which must be new. Nothing of
 * the app may run on it meanwhile.
 */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { openAppDatabase } from "~/server/database-store";
import { loadSettings, SettingsError } from "~/server/env";
import { NoBackup } from "./backup/manifest";
import { restoreBackup } from "./backup/restore-backup";

const USAGE = "usage: npm run restore -- --from FOLDER";

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { from: { type: "string" } } });
  if (!values.from) throw new NoBackup(USAGE);
  const database = await openAppDatabase(await loadSettings(), console.error);
  try {
    const { tables, takenAt } = await restoreBackup(resolve(values.from), database.url);
    const rows = tables.reduce((sum, table) => sum + table.rows, 0);
    console.log(`restored ${rows} rows of ${tables.length} tables, as of ${takenAt}`);
    console.log("Before anything is paid out, check the wallet against the books: npm run books");
    return 0;
  } finally {
    await database.stop();
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof NoBackup || error instanceof SettingsError ? error.message : error);
    process.exit(1);
  },
);
