import { ensureEmbeddedPostgres } from "~/db/embedded-postgres";
import { differingFacts } from "~/db/installation-facts";
import { migrate } from "~/db/migrate";
import { type Settings, SettingsError } from "./env";
import { deriveKey } from "./secrets";

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

/** Throws `SettingsError` where the database was begun with another kind of wallet, or another secret. */
export async function refuseOthersDatabase(
  url: string,
  {
    walletKind,
    tokenSecret,
    tokenSecretReplaced,
  }: Pick<Settings, "walletKind" | "tokenSecret" | "tokenSecretReplaced">,
): Promise<void> {
  const facts = { wallet: walletKind, tokenSecret: deriveKey(tokenSecret, "name of the secret").toString("hex") };
  const differing = await differingFacts(url, facts, tokenSecretReplaced ? ["tokenSecret"] : []);
  const problems = differing.map((fact) => (fact === "wallet" ? OTHER_MONEY[walletKind] : OTHER_SECRET));
  if (problems.length > 0) throw new SettingsError(problems);
}

const OTHER_MONEY = {
  lnbits:
    "the database holds play money of the simulated wallet: real sats need one of their own (DATABASE_URL, or another DATA_DIR)",
  simulated:
    "the database holds real sats, and LNBITS_URL and LNBITS_API_KEY are not set: play money needs one of its own (DATABASE_URL, or another DATA_DIR)",
} as const;
const OTHER_SECRET =
  "TIMMY_TOKEN_SECRET (or secrets.json in DATA_DIR) is not the one that this database was begun with: with it nobody could claim what is owed to them. Give back the old one; if it was replaced on purpose, set TIMMY_TOKEN_SECRET_REPLACED=1 for one start";
