import { ensureEmbeddedPostgres } from "~/db/embedded-postgres";
import { migrate } from "~/db/migrate";
import type { Settings } from "./env";

export type AppDatabase = {
  url: string;
  /** Lets go of the embedded server; whoever is last shuts it down. Another's is left alone. */
  stop(): Promise<void>;
};

/** The database that the settings name, else the embedded one of the data folder, at the newest schema. */
export async function openAppDatabase(
  settings: Pick<Settings, "databaseUrl" | "dataDir">,
  log: (line: string) => void,
): Promise<AppDatabase> {
  const { databaseUrl, dataDir } = settings;
  const embedded = databaseUrl === null ? await ensureEmbeddedPostgres({ dataDir, log }) : null;
  const url = embedded?.url ?? databaseUrl ?? "";
  const stop = async () => embedded?.stop();
  try {
    const { applied } = await migrate(url);
    if (applied > 0) log(`the database got ${applied} migrations`);
    return { url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
