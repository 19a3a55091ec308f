import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseEnv } from "node:util";
import { deriveKey, installationSecret } from "./secrets";
import type { Setting } from "./setting-kinds";
import { KNOWN_RATES, SETTING_GROUPS, type TableValues } from "./setting-table";

type TokenRates = { inputUsdPerMtok: number; outputUsdPerMtok: number };

/** What the app is configured to be, checked once. */
export type Settings = Omit<TableValues, "tokenSecret" | "adminToken" | "dataDir"> & {
  tokenSecret: string;
  adminToken: string;
  /** Absolute. */
  dataDir: string;
  rates: { judge: TokenRates; work: TokenRates };
  walletKind: "lnbits" | "simulated";
  agentKind: "anthropic" | "canned";
  /** `none`: real sats would be asked for a simulated machine, so none is sold. */
  nodesKind: "digitalocean" | "simulated" | "none";
  /** LNbits is set, and `NODE_ENV=production` was in the environment that the app was given. */
  production: boolean;
  /** Settings in doubt, each by its name: for the start and for the operator's page. */
  warnings: readonly string[];
};

/** The configuration cannot be right, so the app does not start. Names settings, never their values. */
export class SettingsError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`the configuration does not allow a start:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
    this.name = "SettingsError";
  }
}

const LONG_ENOUGH = 32;
const FEWEST_DIFFERENT_CHARACTERS = 10;

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the process's environment, and `.env` for what that does not set (`TIMMY_ENV_FILE` names another, `off` none). */
export async function loadSettings(): Promise<Settings> {
  const file = process.env.TIMMY_ENV_FILE || ".env";
  const fromFile = file === "off" ? {} : readEnvFile(file);
  const given = { ...fromFile, ...process.env };
  // The starter notes what it was given, since Next wants NODE_ENV=production whatever the operator meant.
  const nodeEnv = process.env.TIMMY_GIVEN_NODE_ENV ?? process.env.NODE_ENV;
  return settingsFrom({ ...given, NODE_ENV: nodeEnv || fromFile.NODE_ENV });
}

/** The settings that an environment says. Throws `SettingsError`; makes the installation's secret where none is given. */
export async function settingsFrom(given: Environment): Promise<Settings> {
  const warnings: string[] = [];
  const problems: string[] = [];
  const values = readTable(given, warnings, problems);

  const walletKind = values.lnbitsUrl !== null && values.lnbitsApiKey !== null ? "lnbits" : "simulated";
  const agentKind = values.anthropicApiKey !== null ? "anthropic" : "canned";
  const production = values.lnbitsUrl !== null && given.NODE_ENV === "production";
  const nodesKind = values.doApiToken !== null ? "digitalocean" : production ? "none" : "simulated";

  const rates = {
    judge: ratesOf(values.evalModel, "EVAL", values.evalInputUsdPerMtok, values.evalOutputUsdPerMtok, problems),
    work: ratesOf(values.workModel, "WORK", values.workInputUsdPerMtok, values.workOutputUsdPerMtok, problems),
  };
  if (values.tokenSecret !== null && values.tokenSecret.length < LONG_ENOUGH) {
    problems.push(`TIMMY_TOKEN_SECRET is shorter than ${LONG_ENOUGH} characters`);
  }
  if (!production && values.adminToken !== null && values.adminToken.length < LONG_ENOUGH) {
    warnings.push(`ADMIN_TOKEN is shorter than ${LONG_ENOUGH} characters: production would not start with it`);
  }
  if (production) problems.push(...productionProblems(values));
  else if (walletKind === "simulated" && (values.lnbitsUrl ?? values.lnbitsApiKey) !== null) {
    const missing = values.lnbitsUrl === null ? "LNBITS_URL" : "LNBITS_API_KEY";
    warnings.push(`${missing} is not set: the wallet is simulated`);
  }
  if (walletKind === "lnbits" && values.publicUrl === null) {
    warnings.push("PUBLIC_URL is not set: LNbits cannot send webhooks here, its websocket and look-ups must do");
  }
  if (walletKind === "lnbits" && values.enableDevPay) {
    warnings.push(
      "ENABLE_DEV_PAY is on: anybody has invoices paid out of the wallet, and what they buy refunded to their own. Never with sats that are worth something",
    );
  }
  problems.push(...nodeProblems(values));
  warnings.push(...nodeWarnings(values, { realSats: walletKind === "lnbits" && !values.enableDevPay, production }));
  if (problems.length > 0) throw new SettingsError(problems);

  const dataDir = resolve(values.dataDir);
  const tokenSecret = values.tokenSecret ?? (await generatedSecret(dataDir, "TIMMY_TOKEN_SECRET"));
  // The same in every process that shares the secret, and nothing that has to be kept.
  const adminToken = values.adminToken ?? deriveKey(tokenSecret, "setting ADMIN_TOKEN").toString("hex");
  return { ...values, dataDir, tokenSecret, adminToken, rates, walletKind, agentKind, nodesKind, production, warnings };
}

function readTable(given: Environment, warnings: string[], problems: string[]): TableValues {
  const values: Record<string, unknown> = {};
  for (const group of Object.values(SETTING_GROUPS)) {
    for (const [key, setting] of Object.entries<Setting<unknown>>(group)) {
      const read = setting.read(given[setting.name]?.trim() || undefined);
      if ("problem" in read) problems.push(read.problem);
      else values[key] = read.value;
      if ("warning" in read && read.warning) warnings.push(read.warning);
    }
  }
  return values as TableValues; // the table's own keys, each read by its own setting; a problem stops the start
}

function productionProblems(values: TableValues): string[] {
  const problems: string[] = [];
  if (values.lnbitsApiKey === null) problems.push("LNBITS_API_KEY is required in production");
  if (values.tokenSecret === null) problems.push("TIMMY_TOKEN_SECRET is required in production");
  if (values.tokenSecret !== null && isPlaceholder(values.tokenSecret)) {
    problems.push("TIMMY_TOKEN_SECRET is a placeholder: make one with `openssl rand -hex 32`");
  }
  problems.push(...adminTokenProblems(values));
  if (values.anthropicApiKey === null) {
    problems.push("ANTHROPIC_API_KEY is required in production: canned answers are not sold for real sats");
  }
  if (values.lnbitsDevPayerKey !== null && !values.enableDevPay) {
    problems.push("LNBITS_DEV_PAYER_KEY is set without ENABLE_DEV_PAY=1: dev pay needs its flag");
  }
  if (values.publicUrl?.startsWith("http:")) problems.push("PUBLIC_URL must be https in production");
  return problems;
}

function nodeProblems(values: TableValues): string[] {
  const { tailscaleOauthClientId: id, tailscaleOauthClientSecret: secret } = values;
  if ((id === null) === (secret === null)) return [];
  const missing = id === null ? "TAILSCALE_OAUTH_CLIENT_ID" : "TAILSCALE_OAUTH_CLIENT_SECRET";
  return [`${missing} is not set: an OAuth client is an id and a secret`];
}

function nodeWarnings(values: TableValues, { realSats, production }: { realSats: boolean; production: boolean }) {
  const inTailnet = values.tailscaleOauthClientId !== null || values.tailscaleApiKey !== null;
  if (values.doApiToken === null) {
    const none: string[] = [];
    if (production) none.push("DO_API_TOKEN is not set: no nodes are sold");
    else if (realSats) {
      none.push("DO_API_TOKEN is not set, and this is not production: real sats buy simulated nodes");
    }
    return inTailnet ? [...none, "Tailscale is set without DO_API_TOKEN: no machine is made that could join"] : none;
  }
  const warnings: string[] = [];
  if (!realSats)
    warnings.push("DO_API_TOKEN is set while dev pay is open: anybody gets a real machine for no real sats");
  if (!inTailnet) {
    warnings.push("TAILSCALE_OAUTH_CLIENT_ID is not set: nodes join no private network, LNbits is reached through SSH");
  }
  for (const [name, url] of [
    ["DO_API_URL", values.doApiUrl],
    ["TAILSCALE_API_URL", values.tailscaleApiUrl],
  ] as const) {
    if (url?.startsWith("http:")) warnings.push(`${name} is not https: credentials are sent for all to read`);
  }
  return warnings;
}

function adminTokenProblems({ adminToken, tokenSecret }: TableValues): string[] {
  if (adminToken === null) return ["ADMIN_TOKEN is required in production: make one with `openssl rand -hex 32`"];
  if (adminToken.length < LONG_ENOUGH) return [`ADMIN_TOKEN is shorter than ${LONG_ENOUGH} characters`];
  if (isPlaceholder(adminToken)) return ["ADMIN_TOKEN is a placeholder: make one with `openssl rand -hex 32`"];
  // It is typed into browsers; the other one opens everything.
  return adminToken === tokenSecret ? ["ADMIN_TOKEN must not be TIMMY_TOKEN_SECRET"] : [];
}

/** A template's placeholder, or a key that was held down. */
const isPlaceholder = (secret: string): boolean =>
  /change[-_ ]?(me|this|it)|replace[-_ ]?(me|this|it)|your[-_ ]|placeholder|example/i.test(secret) ||
  new Set(secret).size < FEWEST_DIFFERENT_CHARACTERS;

function ratesOf(
  model: string,
  prefix: "EVAL" | "WORK",
  inputUsdPerMtok: number | null,
  outputUsdPerMtok: number | null,
  problems: string[],
): TokenRates {
  const known = KNOWN_RATES[model];
  const input = inputUsdPerMtok ?? known?.inputUsdPerMtok;
  const output = outputUsdPerMtok ?? known?.outputUsdPerMtok;
  if (input === undefined) problems.push(`${prefix}_INPUT_USD_PER_MTOK: ${prefix}_MODEL has no known rate, set it`);
  if (output === undefined) problems.push(`${prefix}_OUTPUT_USD_PER_MTOK: ${prefix}_MODEL has no known rate, set it`);
  return { inputUsdPerMtok: input ?? 0, outputUsdPerMtok: output ?? 0 }; // a problem stops the start before 0 is used
}

/** Derived from the one secret that is kept, so that a setting added later needs no change to the kept file. */
const generatedSecret = async (dataDir: string, name: string): Promise<string> =>
  deriveKey(await installationSecret(dataDir), `setting ${name}`).toString("hex");

function readEnvFile(path: string): NodeJS.Dict<string> {
  try {
    return parseEnv(readFileSync(path, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw error;
  }
}
