import { ensureEmbeddedPostgres } from "~/db/embedded-postgres";
import { migrate } from "~/db/migrate";
import { isOtherMoneys } from "~/db/wallet-kind";
import { type Settings, SettingsError } from "./env";

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

/** Throws `SettingsError` where the database holds the money of another kind of wallet than the one that is configured. */
export async function refuseOtherMoney(url: string, { walletKind }: Pick<Settings, "walletKind">): Promise<void> {
  if (await isOtherMoneys(url, walletKind)) throw new SettingsError([OTHER_MONEY[walletKind]]);
}

const OTHER_MONEY = {
  lnbits:
    "the database holds play money of the simulated wallet: real sats need one of their own (DATABASE_URL, or another DATA_DIR)",
  simulated:
    "the database holds real sats, and LNBITS_URL and LNBITS_API_KEY are not set: play money needs one of its own (DATABASE_URL, or another DATA_DIR)",
} as const;
