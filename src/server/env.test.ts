import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type SettingsError, settingsFrom } from "./env";
import { envExample } from "./env-example";
import type { Setting } from "./setting-kinds";
import { SETTING_GROUPS } from "./setting-table";

const SECRET = "a secret of the tests, 32 letters";
const ADMIN_TOKEN = "the operator's own, 32 letters of it";
let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "timmy-env-"));
});
afterAll(() => rm(dataDir, { recursive: true }));

const settings = (given: Record<string, string> = {}) => settingsFrom({ TIMMY_TOKEN_SECRET: SECRET, ...given });
const problemsOf = (given: Record<string, string>) =>
  settings(given).then(
    () => [],
    (error: SettingsError) => error.problems,
  );
const all: Setting<unknown>[] = Object.values(SETTING_GROUPS).flatMap((group) =>
  Object.values<Setting<unknown>>(group),
);

describe("without any setting", () => {
  test("everything has its default, simulated parts and nothing to warn of", async () => {
    const { warnings, ...rest } = await settings();
    expect(warnings).toEqual([]);
    expect(rest).toMatchObject({
      port: 3000,
      evalFeeSats: 10,
      evalTimeoutSeconds: 600,
      workTimeoutSeconds: 1800,
      invoiceExpirySeconds: 600,
      walletKind: "simulated",
      agentKind: "canned",
      production: false,
      ordersPerMinute: 20,
      maxOpenOrders: 10,
      maxBodyBytes: 65_536,
      textRetentionDays: 90,
      rates: {
        judge: { inputUsdPerMtok: 0.1, outputUsdPerMtok: 0.5 },
        work: { inputUsdPerMtok: 2, outputUsdPerMtok: 10 },
      },
    });
  });

  test("an empty text is no setting", async () => {
    expect((await settings({ EVAL_FEE_SATS: "", PUBLIC_URL: " " })).evalFeeSats).toBe(10);
  });

  test("the secret is made and kept", async () => {
    const first = await settingsFrom({ DATA_DIR: dataDir });
    const second = await settingsFrom({ DATA_DIR: dataDir });
    expect(first.tokenSecret).toMatch(/^[0-9a-f]{64}$/);
    expect(second.tokenSecret).toBe(first.tokenSecret);
  });

  test("a given secret makes no file", async () => {
    await settings({ DATA_DIR: join(dataDir, "untouched") });
    expect(existsSync(join(dataDir, "untouched"))).toBe(false);
  });
});

describe("the operator's token", () => {
  test("is derived from the secret where none is given: the same in every process, and not the secret", async () => {
    const { adminToken, tokenSecret } = await settings();
    expect(adminToken).toMatch(/^[0-9a-f]{64}$/);
    expect((await settings()).adminToken).toBe(adminToken);
    expect(adminToken).not.toBe(tokenSecret);
    expect((await settings({ TIMMY_TOKEN_SECRET: `another ${SECRET}` })).adminToken).not.toBe(adminToken);
  });

  test("is what is given", async () => {
    expect(await settings({ ADMIN_TOKEN })).toMatchObject({ adminToken: ADMIN_TOKEN, warnings: [] });
  });

  test("is warned of, by name alone, where it is short", async () => {
    const { adminToken, warnings } = await settings({ ADMIN_TOKEN: "hunter2" });
    expect(adminToken).toBe("hunter2");
    expect(warnings).toEqual([expect.stringContaining("ADMIN_TOKEN is shorter")]);
    expect(warnings.join()).not.toContain("hunter2");
  });
});

describe("a number that is none, or out of range", () => {
  test.each(["ten", "NaN", "Infinity", "-1", "0", "1e12", "10.5", "0x10", "1_000", "١٠"])(
    "EVAL_FEE_SATS=%s is warned of by name, and the default holds",
    async (text) => {
      const { evalFeeSats, warnings } = await settings({ EVAL_FEE_SATS: text });
      expect(evalFeeSats).toBe(10);
      expect(warnings).toEqual([expect.stringMatching(/^EVAL_FEE_SATS .*10 holds$/)]);
    },
  );

  test.each([
    ["INVOICE_EXPIRY_SECONDS", "4", "invoiceExpirySeconds", 600],
    ["INVOICE_EXPIRY_SECONDS", "86401", "invoiceExpirySeconds", 600],
    ["INFRA_MONTHLY_REQUESTS", "0", "infraMonthlyRequests", 1000],
    ["ORIGINATOR_MARGIN_PCT", "-5", "originatorMarginPct", 25],
    ["BTC_PRICE_USD_FALLBACK", "999", "btcPriceUsdFallback", 100_000],
    ["TRUST_PROXY", "true", "trustProxy", 0],
  ] as const)("%s=%s", async (name, text, key, fallback) => {
    const read = await settings({ [name]: text });
    expect(read[key]).toBe(fallback);
    expect(read.warnings).toEqual([expect.stringContaining(name)]);
  });

  test.each([
    ["INVOICE_EXPIRY_SECONDS", "5", "invoiceExpirySeconds", 5],
    ["ORIGINATOR_MARGIN_PCT", "12.5", "originatorMarginPct", 12.5],
    ["EVAL_FEE_SATS", " 21 ", "evalFeeSats", 21],
    ["PORT", "0", "port", 0],
  ] as const)("but %s=%s is fine", async (name, text, key, value) => {
    const read = await settings({ [name]: text });
    expect([read[key], read.warnings]).toEqual([value, []]);
  });

  test("no number ever becomes NaN", async () => {
    const given = Object.fromEntries(all.map(({ name }) => [name, "1/0"]));
    const numbers = Object.entries(await settingsOrPartial(given)).filter(([, value]) => typeof value === "number");
    for (const [key, value] of numbers) expect(Number.isFinite(value), key).toBe(true);
    expect(numbers.length).toBeGreaterThan(15);
  });
});

describe("what stops the start", () => {
  test.each([
    [{ EVAL_MODEL: "some-other-model" }, ["EVAL_INPUT_USD_PER_MTOK", "EVAL_OUTPUT_USD_PER_MTOK"]],
    [{ WORK_MODEL: "some-other-model", WORK_INPUT_USD_PER_MTOK: "3" }, ["WORK_OUTPUT_USD_PER_MTOK"]],
    [{ WORK_MODEL: "m", WORK_INPUT_USD_PER_MTOK: "3", WORK_OUTPUT_USD_PER_MTOK: "x" }, ["WORK_OUTPUT_USD_PER_MTOK"]],
    [{ PUBLIC_URL: "timmy.example" }, ["PUBLIC_URL"]],
    [{ LNBITS_URL: "ftp://wallet.example" }, ["LNBITS_URL"]],
    [{ PAYOUTS: "maybe" }, ["PAYOUTS"]],
    [{ ENABLE_DEV_PAY: "yes" }, ["ENABLE_DEV_PAY"]],
    [{ TIMMY_TOKEN_SECRET: "short" }, ["TIMMY_TOKEN_SECRET"]],
  ])("%j", async (given: Record<string, string>, named) => {
    const problems = await problemsOf(given);
    expect(problems).toHaveLength(named.length);
    for (const [index, name] of named.entries()) expect(problems[index]).toContain(name);
  });

  test("a model with its rates does not", async () => {
    const { rates } = await settings({
      EVAL_MODEL: "m",
      EVAL_INPUT_USD_PER_MTOK: "0",
      EVAL_OUTPUT_USD_PER_MTOK: "1.5",
    });
    expect(rates.judge).toEqual({ inputUsdPerMtok: 0, outputUsdPerMtok: 1.5 });
  });

  test("never tells a value", async () => {
    const given = Object.fromEntries(all.map(({ name }) => [name, "hunter2"]));
    const error = await settings({ ...given, NODE_ENV: "production" }).catch((thrown: Error) => thrown);
    expect(String(error)).toContain("TIMMY_TOKEN_SECRET");
    expect(String(error)).not.toContain("hunter2");
  });
});

describe("production: LNbits is set, and NODE_ENV=production was given", () => {
  const whole = {
    NODE_ENV: "production",
    LNBITS_URL: "https://wallet.example/",
    LNBITS_API_KEY: "key",
    ANTHROPIC_API_KEY: "key",
    PUBLIC_URL: "https://timmy.example",
    TIMMY_TOKEN_SECRET: SECRET,
    DO_API_TOKEN: "key",
    TAILSCALE_API_KEY: "key",
    ADMIN_TOKEN,
  };

  test("starts when it has all it needs", async () => {
    expect(await settings(whole)).toMatchObject({
      production: true,
      walletKind: "lnbits",
      agentKind: "anthropic",
      lnbitsUrl: "https://wallet.example",
      warnings: [],
    });
  });

  test.each([
    [{ LNBITS_API_KEY: "" }, "LNBITS_API_KEY"],
    [{ ANTHROPIC_API_KEY: "" }, "ANTHROPIC_API_KEY"],
    [{ TIMMY_TOKEN_SECRET: "" }, "TIMMY_TOKEN_SECRET"],
    [{ TIMMY_TOKEN_SECRET: "please-change-me-please-change-me-12" }, "TIMMY_TOKEN_SECRET"],
    [{ TIMMY_TOKEN_SECRET: "0".repeat(64) }, "TIMMY_TOKEN_SECRET"],
    [{ ADMIN_TOKEN: "" }, "ADMIN_TOKEN"],
    [{ ADMIN_TOKEN: "short, but its own" }, "ADMIN_TOKEN"],
    [{ ADMIN_TOKEN: "your-admin-token-of-32-characters" }, "ADMIN_TOKEN"],
    [{ ADMIN_TOKEN: SECRET }, "ADMIN_TOKEN must not be TIMMY_TOKEN_SECRET"],
    [{ PUBLIC_URL: "http://timmy.example" }, "PUBLIC_URL"],
    [{ LNBITS_DEV_PAYER_KEY: "key" }, "ENABLE_DEV_PAY"],
  ])("%j stops it, by name", async (change: Record<string, string>, named) => {
    expect(await problemsOf({ ...whole, ...change })).toEqual([expect.stringContaining(named)]);
  });

  test.each(["production", "development"])(
    "in %s dev pay out of a real wallet is warned of: it is open to all",
    async (NODE_ENV) => {
      const { warnings } = await settings({ ...whole, NODE_ENV, ENABLE_DEV_PAY: "1" });
      expect(warnings).toContainEqual(expect.stringMatching(/^ENABLE_DEV_PAY .*refund/));
    },
  );

  test.each([{ NODE_ENV: "development" }, { NODE_ENV: "" }, { LNBITS_URL: "", LNBITS_API_KEY: "" }])(
    "%j is not production",
    async (change: Record<string, string>) => {
      const read = await settings({ ...whole, PUBLIC_URL: "http://timmy.example", ...change });
      expect(read.production).toBe(false);
    },
  );

  test("half of LNbits, elsewhere, is warned of", async () => {
    const read = await settings({ LNBITS_URL: "https://wallet.example" });
    expect(read.walletKind).toBe("simulated");
    expect(read.warnings).toEqual([expect.stringContaining("LNBITS_API_KEY")]);
  });
});

describe("nodes", () => {
  const DO = { DO_API_TOKEN: "dop_v1_0" };
  const OAUTH = { TAILSCALE_OAUTH_CLIENT_ID: "k", TAILSCALE_OAUTH_CLIENT_SECRET: "tskey-client" };
  const REAL_SATS = { LNBITS_URL: "https://wallet.example", LNBITS_API_KEY: "k", PUBLIC_URL: "https://timmy.example" };
  const PRODUCTION = { ...REAL_SATS, NODE_ENV: "production", ANTHROPIC_API_KEY: "k", ADMIN_TOKEN };

  test.each<[string, Record<string, string>, string, string[]]>([
    ["nothing: simulated", {}, "simulated", []],
    ["real sats elsewhere: simulated, and said so", REAL_SATS, "simulated", ["real sats buy simulated nodes"]],
    ["production: none", PRODUCTION, "none", ["DO_API_TOKEN"]],
    ["all of it", { ...PRODUCTION, ...DO, ...OAUTH }, "digitalocean", []],
    ["an API key", { ...PRODUCTION, ...DO, TAILSCALE_API_KEY: "k" }, "digitalocean", []],
    ["no private network", { ...PRODUCTION, ...DO }, "digitalocean", ["TAILSCALE_OAUTH_CLIENT_ID"]],
    ["real machines for play money", { ...DO, ...OAUTH }, "digitalocean", ["DO_API_TOKEN"]],
    [
      "or for dev pay",
      { ...REAL_SATS, ENABLE_DEV_PAY: "1", ...DO, ...OAUTH },
      "digitalocean",
      ["ENABLE_DEV_PAY", "DO_API_TOKEN"],
    ],
    ["a tailnet without machines", OAUTH, "simulated", ["DO_API_TOKEN"]],
    [
      "in clear",
      { ...PRODUCTION, ...DO, ...OAUTH, DO_API_URL: "http://a.example", TAILSCALE_API_URL: "http://b.example" },
      "digitalocean",
      ["DO_API_URL", "TAILSCALE_API_URL"],
    ],
  ])("%s", async (_, given, kind, named) => {
    const { nodesKind, warnings } = await settings(given);
    expect(nodesKind).toBe(kind);
    expect(warnings).toEqual(named.map((name) => expect.stringContaining(name)));
  });

  test.each([
    [{ TAILSCALE_OAUTH_CLIENT_ID: "k" }, "TAILSCALE_OAUTH_CLIENT_SECRET"],
    [{ TAILSCALE_OAUTH_CLIENT_SECRET: "k" }, "TAILSCALE_OAUTH_CLIENT_ID"],
    [{ DO_REGION: "New York" }, "DO_REGION"],
    [{ DO_SIZE: "s_1" }, "DO_SIZE"],
    [{ TAILSCALE_TAG: "timmy" }, "TAILSCALE_TAG"],
    [{ DO_API_URL: "api.digitalocean.com" }, "DO_API_URL"],
  ])("%j stops the start, by name", async (given: Record<string, string>, named) => {
    expect(await problemsOf({ ...DO, ...given })).toEqual([expect.stringContaining(named)]);
  });

  test.each([
    ["DO_VOLUME_SIZE_GB", "0", "doVolumeSizeGb", 0, 0],
    ["DO_VOLUME_SIZE_GB", "-1", "doVolumeSizeGb", 100, 1],
    ["DO_VOLUME_SIZE_GB", "1.5", "doVolumeSizeGb", 100, 1],
  ] as const)("%s=%s", async (name, text, key, value, warned) => {
    const read = await settings({ [name]: text });
    expect([read[key], read.warnings.length]).toEqual([value, warned]);
  });
});

test(".env.example lists every setting with its default (`vitest -u` writes it)", async () => {
  const text = envExample();
  for (const { name } of all) expect(text).toMatch(new RegExp(`^# ?${name}=`, "m"));
  await expect(text).toMatchFileSnapshot("../../.env.example");
});

/** What was read, as far as it came: problems are no numbers. */
async function settingsOrPartial(given: Record<string, string>): Promise<object> {
  const texts = new Set(all.filter(({ read }) => "problem" in read("1/0")).map(({ name }) => name));
  const rest = Object.entries(given).filter(([name]) => !texts.has(name) && !name.endsWith("_MODEL"));
  return settings({ ...Object.fromEntries(rest), TIMMY_TOKEN_SECRET: SECRET });
}
