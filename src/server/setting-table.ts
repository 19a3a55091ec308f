import {
  choice,
  flag,
  list,
  number,
  optionalNumber,
  optionalText,
  optionalUrl,
  type Setting,
  secret,
  shaped,
  text,
  whole,
} from "./setting-kinds";

const DAY_SECONDS = 86_400;
const MAX_SATS = 1_000_000_000;
const RATE = { from: 0, to: 100_000 };
/** How DigitalOcean names what it has. */
const SLUG = /^[a-z0-9][a-z0-9.-]*$/;
const A_SLUG = "one of DigitalOcean's slugs";

/** Every setting of the app: the one list behind the start-up check and `.env.example`. */
export const SETTING_GROUPS = {
  "The server": {
    port: whole("PORT", 3000, 0, 65_535, "TCP port of the web server; 0 picks a free one"),
    host: optionalText("HOST", "Address to listen on; every address of the machine when empty"),
    publicUrl: optionalUrl(
      "PUBLIC_URL",
      "Where visitors and the wallet's webhook reach this server. Without it nobody can log in over a public name, since that might be another site's",
    ),
    trustProxy: whole("TRUST_PROXY", 0, 0, 16, "How many proxies in front to trust about a client's address"),
    dataDir: text("DATA_DIR", ".data", "Folder for the embedded database and generated secrets"),
    databaseUrl: secret("DATABASE_URL", "postgresql://… URL of your own Postgres; an embedded one runs when empty"),
    databasePoolSize: whole("DATABASE_POOL_SIZE", 12, 4, 200, "Database connections per process"),
    workerConcurrency: whole("WORKER_CONCURRENCY", 12, 1, 200, "Background tasks that one process runs at a time"),
    logLevel: choice("LOG_LEVEL", ["debug", "info", "warn", "error", "silent"], "What is logged", "info"),
    metricsToken: secret("METRICS_TOKEN", "Bearer token required for /api/metrics; open to anybody when empty"),
    adminToken: secret(
      "ADMIN_TOKEN",
      "Opens the operator's room, /admin: 32 characters or more. When empty it is derived from TIMMY_TOKEN_SECRET and `npm run admin-token` prints it; required in production",
    ),
    otlpEndpoint: optionalUrl(
      "OTEL_EXPORTER_OTLP_ENDPOINT",
      "A collector that accepts OpenTelemetry traces by OTLP over HTTP; no traces are made when empty",
    ),
    logFormat: choice("LOG_FORMAT", ["text", "json"], "Lines for people, or one JSON object per line"),
    tokenSecret: secret(
      "TIMMY_TOKEN_SECRET",
      "Refund tokens, the webhook path and encryption keys derive from it: 32 characters or more, never changed. Generated into DATA_DIR when empty; required in production",
    ),
    tokenSecretReplaced: flag(
      "TIMMY_TOKEN_SECRET_REPLACED",
      "For one start after TIMMY_TOKEN_SECRET was replaced on purpose: every refund token, session key and login that was ever given out is void from then on",
    ),
  },
  Lightning: {
    lnbitsUrl: optionalUrl("LNBITS_URL", "An LNbits 1.x server. Without it and its key the wallet is simulated"),
    lnbitsApiKey: secret("LNBITS_API_KEY", "Admin key of the LNbits wallet"),
    lnbitsInvoiceKey: secret(
      "LNBITS_INVOICE_KEY",
      "Its invoice/read key, used wherever that is enough, such as in the websocket's address",
    ),
    walletCallsPerMinute: whole(
      "WALLET_CALLS_PER_MINUTE",
      100,
      10,
      100_000,
      "At most this many calls a minute to LNbits",
    ),
    enableDevPay: flag("ENABLE_DEV_PAY", "Open POST /api/dev/stub/pay/:paymentHash with LNbits too"),
    lnbitsDevPayerKey: secret("LNBITS_DEV_PAYER_KEY", "Admin key of the LNbits wallet that dev pay pays from"),
    payouts: choice("PAYOUTS", ["on", "off"], "off holds payouts back without losing any"),
    payoutMaxSatsPerHour: whole(
      "PAYOUT_MAX_SATS_PER_HOUR",
      1_000_000,
      0,
      MAX_SATS,
      "Payouts above this wait for the next hour; a single payout above it waits until this is raised",
    ),
  },
  Refunds: {
    payoutUnknownGraceSeconds: whole(
      "PAYOUT_UNKNOWN_GRACE_SECONDS",
      60,
      1,
      DAY_SECONDS,
      "After this long without a trace in the wallet, a payout counts as never sent",
    ),
    withdrawCodeSeconds: whole(
      "WITHDRAW_CODE_SECONDS",
      3600,
      60,
      DAY_SECONDS,
      "How long an LNURL-withdraw code is valid",
    ),
    lnurlPrivateHosts: list(
      "LNURL_PRIVATE_HOSTS",
      "Lightning address hosts (host:port) allowed to be private, for development",
    ),
  },
  Jobs: {
    evalFeeSats: whole("EVAL_FEE_SATS", 10, 1, MAX_SATS, "Price of judging a request, in sats"),
    evalTimeoutSeconds: whole(
      "EVAL_TIMEOUT_SECONDS",
      600,
      1,
      DAY_SECONDS,
      "Time limit for judging, all attempts included",
    ),
    workTimeoutSeconds: whole(
      "WORK_TIMEOUT_SECONDS",
      1800,
      1,
      DAY_SECONDS,
      "Time limit for the work, all attempts included",
    ),
    invoiceExpirySeconds: whole("INVOICE_EXPIRY_SECONDS", 600, 5, DAY_SECONDS, "How long an invoice can be paid"),
    textRetentionDays: number(
      "TEXT_RETENTION_DAYS",
      90,
      { from: 0.01, to: 36_500 },
      "Requests and results are deleted after this many days",
    ),
  },
  Models: {
    anthropicApiKey: secret("ANTHROPIC_API_KEY", "Turns the real models on; without it answers are canned"),
    anthropicBaseUrl: optionalUrl("ANTHROPIC_BASE_URL", "Another server that speaks the Messages API"),
    evalModel: text("EVAL_MODEL", "claude-haiku-5-5", "Judges requests"),
    workModel: text("WORK_MODEL", "claude-sonnet-5-5", "Does the work"),
    evalInputUsdPerMtok: optionalNumber(
      "EVAL_INPUT_USD_PER_MTOK",
      RATE,
      "USD per million tokens; known for the default models",
    ),
    evalOutputUsdPerMtok: optionalNumber("EVAL_OUTPUT_USD_PER_MTOK", RATE, "USD per million tokens"),
    workInputUsdPerMtok: optionalNumber("WORK_INPUT_USD_PER_MTOK", RATE, "USD per million tokens"),
    workOutputUsdPerMtok: optionalNumber("WORK_OUTPUT_USD_PER_MTOK", RATE, "USD per million tokens"),
    freeModelUsdPerDay: number(
      "FREE_MODEL_USD_PER_DAY",
      1,
      { from: 0, to: 100_000 },
      "What free answers may cost per day, in USD; beyond that they are canned",
    ),
  },
  Pricing: {
    infraMonthlyUsd: number(
      "INFRA_MONTHLY_USD",
      12,
      { from: 0, to: 1_000_000 },
      "What the servers cost per month, in USD",
    ),
    infraMonthlyRequests: whole(
      "INFRA_MONTHLY_REQUESTS",
      1000,
      1,
      1_000_000_000,
      "Requests per month that share this cost",
    ),
    originatorMarginPct: number(
      "ORIGINATOR_MARGIN_PCT",
      25,
      { from: 0, to: 10_000 },
      "Margin on tokens and servers, in percent",
    ),
    btcPriceUsdFallback: number(
      "BTC_PRICE_USD_FALLBACK",
      100_000,
      { from: 1_000, to: 10_000_000 },
      "USD for one bitcoin while no price is available",
    ),
    coingeckoUrl: optionalUrl("COINGECKO_URL", "Another server that speaks CoinGecko's API"),
  },
  "Trust and the generosity pool": {
    trustEstablished: whole("TRUST_ESTABLISHED", 10, 1, 1_000_000, "Score from which an identity is established"),
    trustTrusted: whole("TRUST_TRUSTED", 50, 1, 1_000_000, "Score from which it is trusted"),
    trustElite: whole("TRUST_ELITE", 200, 1, 1_000_000, "Score from which it is elite"),
    trustDecayAfterDays: whole(
      "TRUST_DECAY_AFTER_DAYS",
      30,
      0,
      36_500,
      "After this many days of absence the score falls by 1 a day",
    ),
    poolSeedSats: whole("POOL_SEED_SATS", 10_000, 0, MAX_SATS, "What the pool begins with"),
    poolCreditPct: whole("POOL_CREDIT_PCT", 10, 0, 100, "Share of what is charged for work that flows into the pool"),
    budgetEstablishedSats: whole("BUDGET_ESTABLISHED_SATS", 50, 0, MAX_SATS, "Free work per day for the established"),
    budgetTrustedSats: whole("BUDGET_TRUSTED_SATS", 200, 0, MAX_SATS, "Free work per day for the trusted"),
    budgetEliteSats: whole("BUDGET_ELITE_SATS", 1_000, 0, MAX_SATS, "Free work per day for the elite"),
    freeTierMaxReturnPct: whole(
      "FREE_TIER_MAX_RETURN_PCT",
      100,
      0,
      1_000,
      "Free work over a lifetime is at most this percentage of what was charged for work",
    ),
  },
  "Nodes for a fee": {
    bootstrapFeeSats: whole("BOOTSTRAP_FEE_SATS", 10_000, 1, MAX_SATS, "Price of having a node set up, in sats"),
    bootstrapInvoiceExpirySeconds: whole(
      "BOOTSTRAP_INVOICE_EXPIRY_SECONDS",
      1800,
      5,
      DAY_SECONDS,
      "How long its invoice can be paid",
    ),
    bootstrapTimeoutSeconds: whole(
      "BOOTSTRAP_TIMEOUT_SECONDS",
      3600,
      60,
      18_000,
      "A node that is not ready this long after its payment has failed, and its fee is owed",
    ),
    bootstrapTerms: text(
      "BOOTSTRAP_TERMS",
      "A machine of its own with Bitcoin Core, LND and LNbits, which only you can log in to. The node is kept at least 30 days.",
      "What the fee buys and for how long, as visitors read it before they pay",
    ),
    doApiToken: secret(
      "DO_API_TOKEN",
      "A DigitalOcean token that may read and write keys, volumes, droplets and tags. Without it machines are simulated, and in production none are sold",
    ),
    doRegion: shaped("DO_REGION", "nyc3", SLUG, A_SLUG, "Region of the machines"),
    doSize: shaped("DO_SIZE", "s-2vcpu-4gb", SLUG, A_SLUG, "Size of the machines"),
    doVolumeSizeGb: whole("DO_VOLUME_SIZE_GB", 100, 0, 16_384, "Size of each machine's own disk, in GiB; 0 for none"),
    doApiUrl: optionalUrl("DO_API_URL", "Another server that speaks DigitalOcean's API, without /v2"),
    tailscaleOauthClientId: optionalText(
      "TAILSCALE_OAUTH_CLIENT_ID",
      "A Tailscale OAuth client that may write auth_keys and devices:core, so that each node joins the tailnet. Without credentials none does",
    ),
    tailscaleOauthClientSecret: secret("TAILSCALE_OAUTH_CLIENT_SECRET", "Its secret"),
    tailscaleApiKey: secret(
      "TAILSCALE_API_KEY",
      "An API access token, in place of an OAuth client; it expires after 90 days",
    ),
    tailscaleTailnet: text("TAILSCALE_TAILNET", "-", "The tailnet; - is the one that the credentials belong to"),
    tailscaleTag: shaped(
      "TAILSCALE_TAG",
      "tag:timmy-node",
      /^tag:[a-zA-Z][a-zA-Z0-9-]*$/,
      "a tag, such as tag:timmy-node",
      "What nodes are tagged with there: the OAuth client must own it",
    ),
    tailscaleApiUrl: optionalUrl("TAILSCALE_API_URL", "Another server that speaks Tailscale's API, without /api/v2"),
    nodeStatusUrl: optionalUrl(
      "BOOTSTRAP_STATUS_URL",
      "Asked for a node's progress in place of the node itself, to rehearse against a stand-in",
    ),
    simulatedNodes: choice(
      "BOOTSTRAP_SIMULATED_NODES",
      ["ready", "fail"],
      "How simulated nodes end: fail rehearses the refund",
    ),
    simulatedNodeSeconds: number(
      "BOOTSTRAP_SIMULATED_SECONDS",
      2,
      { from: 0, to: 600 },
      "How long a simulated node takes",
    ),
  },
  Limits: {
    ordersPerMinute: whole("ORDERS_PER_MINUTE", 20, 1, 1_000_000, "Orders that one client may create per minute"),
    chatPerMinute: whole("CHAT_PER_MINUTE", 3, 1, 1_000_000, "Lines that one visitor may say to Timmy per minute"),
    demoPerHour: whole("DEMO_PER_HOUR", 5, 1, 1_000_000, "Free tastes per client and hour"),
    identityPerMinute: whole("IDENTITY_PER_MINUTE", 30, 1, 1_000_000, "Login steps per client and minute"),
    adminTriesPerMinute: whole(
      "ADMIN_TRIES_PER_MINUTE",
      10,
      1,
      1_000_000,
      "Wrong operator tokens per client and minute; beyond that the right one is refused too",
    ),
    maxOpenOrders: whole("MAX_OPEN_ORDERS", 10, 1, 1_000_000, "Unpaid orders that one client may have open"),
    maxBodyBytes: whole("MAX_BODY_BYTES", 65_536, 1_024, 10_485_760, "The longest request body, in bytes"),
    sseMaxPerClient: whole("SSE_MAX_PER_CLIENT", 20, 1, 1_000_000, "Live connections per client"),
    sseMaxPerProcess: whole("SSE_MAX_PER_PROCESS", 5_000, 1, 1_000_000, "Live connections per process"),
  },
} as const satisfies Record<string, Record<string, Setting<unknown>>>;

type Groups = typeof SETTING_GROUPS;
type AnyGroup = Groups[keyof Groups];
type Merged<U> = (U extends unknown ? (u: U) => void : never) extends (all: infer I) => void ? I : never;
type Table = Merged<AnyGroup>;
type ValueOf<S> = S extends Setting<infer T> ? T : never;

/** The value of each setting, by its key in the table. */
export type TableValues = { readonly [K in keyof Table]: ValueOf<Table[K]> };

/** USD per million tokens of the models that we know, so that their rates need not be set. */
export const KNOWN_RATES: Readonly<Record<string, { inputUsdPerMtok: number; outputUsdPerMtok: number }>> = {
  "claude-haiku-5-5": { inputUsdPerMtok: 0.1, outputUsdPerMtok: 0.5 },
  "claude-sonnet-5-5": { inputUsdPerMtok: 2, outputUsdPerMtok: 10 },
  "claude-haiku-4-5": { inputUsdPerMtok: 1, outputUsdPerMtok: 5 },
};
