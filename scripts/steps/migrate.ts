/** The last step of `npm run setup`: the database that the settings name, or the embedded one, at the newest schema. */
import { ensureEmbeddedPostgres } from "~/db/embedded-postgres";
import { migrate } from "~/db/migrate";
import { loadSettings } from "~/server/env";

const { databaseUrl, dataDir } = await loadSettings();
const embedded = databaseUrl ? null : await ensureEmbeddedPostgres({ dataDir, log: console.log });
try {
  const { applied } = await migrate(embedded?.url ?? databaseUrl ?? "");
  console.log(applied > 0 ? `applied ${applied} migrations` : "the database is up to date");
} finally {
  await embedded?.stop();
}
