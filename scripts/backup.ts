/**
 * `npm run backup -- --to FOLDER`: the whole database into a new folder, while the app runs. The installation's secret
 * is not in it: docs/runbook.md says where that is, and why both are needed.
 */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { openAppDatabase } from "~/server/database-store";
import { loadSettings, SettingsError } from "~/server/env";
import { NoBackup } from "./backup/manifest";
import { takeBackup } from "./backup/take-backup";

const USAGE = "usage: npm run backup -- --to FOLDER";

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { to: { type: "string" } } });
  if (!values.to) throw new NoBackup(USAGE);
  const settings = await loadSettings();
  const database = await openAppDatabase(settings, console.error);
  try {
    const { tables } = await takeBackup(database.url, resolve(values.to), new Date());
    const rows = tables.reduce((sum, table) => sum + table.rows, 0);
    console.log(`backed up ${rows} rows of ${tables.length} tables to ${resolve(values.to)}`);
    console.log(
      `Not included: TIMMY_TOKEN_SECRET, or ${settings.dataDir}/secrets.json. Keep it safe, in another place.`,
    );
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
