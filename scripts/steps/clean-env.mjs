/**
 * Keeps the machine's settings out of tests, benches and the demo: they start from this environment and set their own.
 * The one list of what counts as a setting; src/testing/clean-env.test.ts compares it with the app's own.
 */
const PREFIXES = [
  [
    "ADMIN_",
    "AGENT_",
    "ANTHROPIC_",
    "BTC_",
    "BUDGET_",
    "CHAT_",
    "DEMO_",
    "FREE_",
    "TESTKIT_",
    "COINGECKO_",
    "DIGITALOCEAN_",
    "DO_",
    "EVAL_",
    "IDENTITY_",
    "INFRA_",
    "INVOICE_",
  ],
  ["LNBITS_", "LNURL_", "NEXT_", "NOSTR_", "ORACLE_", "ORIGINATOR_", "OTEL_", "PAYOUT_", "PG", "PRISMA_", "SESSION_"],
  [
    "SSE_",
    "TAILSCALE_",
    "TIMMY_",
    "TRUST_",
    "WALLET_",
    "WITHDRAW_",
    "WORK_",
    "WORKER_",
    "POOL_",
    "PUBLIC_",
    "BOOTSTRAP_",
    "WORKSHOP_",
  ],
].flat();
const NAMES = new Set(
  [
    ["DATABASE_URL", "DATABASE_POOL_SIZE", "DATA_DIR", "ENABLE_DEV_PAY", "HOST", "PORT", "LOG_FORMAT", "LOG_LEVEL"],
    [
      "MAX_BODY_BYTES",
      "MAX_OPEN_ORDERS",
      "METRICS_TOKEN",
      "NODE_ENV",
      "ORDERS_PER_MINUTE",
      "PAYOUTS",
      "TEXT_RETENTION_DAYS",
    ],
  ].flat(),
);

/** Nothing real is ever asked for the price of bitcoin: the discard port refuses at once. */
const NOWHERE = "http://127.0.0.1:9";

const isSetting = (name) => NAMES.has(name) || PREFIXES.some((prefix) => name.startsWith(prefix));

/**
 * A copy of an environment without any setting of the app, reading no `.env` file either.
 * @param {Record<string, string>} [settings] set in the copy
 * @param {Record<string, string | undefined>} [given]
 * @returns {NodeJS.ProcessEnv}
 */
export function cleanEnv(settings = {}, given = process.env) {
  const rest = Object.entries(given).filter(([name]) => !isSetting(name));
  return { ...Object.fromEntries(rest), TIMMY_ENV_FILE: "off", COINGECKO_URL: NOWHERE, ...settings };
}

/** The same for the process that calls it: for a runner whose tests read `process.env`. */
export function cleanProcessEnv() {
  for (const name of Object.keys(process.env)) if (isSetting(name)) delete process.env[name];
  process.env.TIMMY_ENV_FILE = "off";
  process.env.COINGECKO_URL = NOWHERE;
}
