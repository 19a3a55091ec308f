import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { openSession } from "~/testing/open-session";
import { workshop } from "~/testing/workshop";
import { differingFacts } from "./installation-facts";

const SECRET = "the name of a secret";
const isOtherMoneys = async (url: string, wallet: "lnbits" | "simulated") =>
  (await differingFacts(url, { wallet, tokenSecret: SECRET })).includes("wallet");

test("a database belongs to the kind of wallet that first brought it money, and to no other", async () => {
  const shop = await workshop();
  const { url } = shop.db;
  try {
    // Tried out without a sat, it may still become the one or the other.
    expect(await isOtherMoneys(url, "simulated")).toBe(false);
    expect(await isOtherMoneys(url, "lnbits")).toBe(false);
    expect(await isOtherMoneys(url, "simulated")).toBe(false);
    await openSession(shop, 100);
    const started = await Promise.all(Array.from({ length: 4 }, () => isOtherMoneys(url, "lnbits")));
    expect(started).toEqual([true, true, true, true]);
    expect(await isOtherMoneys(url, "simulated")).toBe(false);
  } finally {
    await shop.close();
  }
});

test("processes that start at once on a new one agree", async () => {
  const shop = await workshop();
  try {
    const kinds = ["simulated", "simulated", "simulated", "simulated"] as const;
    expect(await Promise.all(kinds.map((kind) => isOtherMoneys(shop.db.url, kind)))).toEqual(kinds.map(() => false));
  } finally {
    await shop.close();
  }
});

test("one from before this was noted is known by the play money in it", async () => {
  const shop = await workshop();
  try {
    await openSession(shop, 100);
    expect(await isOtherMoneys(shop.db.url, "lnbits")).toBe(true);
    expect(await isOtherMoneys(shop.db.url, "simulated")).toBe(false);
  } finally {
    await shop.close();
  }
});

test("a database belongs to the secret with which it was begun, once money came in, unless that is replaced on purpose", async () => {
  const shop = await workshop();
  const { url } = shop.db;
  const startedWith = (tokenSecret: string, replaced = false) =>
    differingFacts(url, { wallet: "simulated", tokenSecret }, replaced ? ["tokenSecret"] : []);
  try {
    expect(await startedWith("first")).toEqual([]);
    expect(await startedWith("second")).toEqual([]);
    await openSession(shop, 100);
    expect(await Promise.all([1, 2, 3, 4].map(() => startedWith("third")))).toEqual(Array(4).fill(["tokenSecret"]));
    expect(await startedWith("second")).toEqual([]);
    expect(await startedWith("third", true)).toEqual([]);
    expect(await startedWith("third")).toEqual([]);
    expect(await startedWith("second")).toEqual(["tokenSecret"]);
  } finally {
    await shop.close();
  }
});

test("the app does not start with another secret, and says how it would", async () => {
  const shop = await workshop();
  const other = { TIMMY_TOKEN_SECRET: "another secret, which is long enough too" };
  try {
    await openSession(shop, 100);
    expect(await startOn(shop.db.url, {})).toMatchObject({ code: 0 });
    const refused = await startOn(shop.db.url, other);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("TIMMY_TOKEN_SECRET_REPLACED=1") });
    expect(refused.stderr).not.toContain(other.TIMMY_TOKEN_SECRET);
    expect(await startOn(shop.db.url, { ...other, TIMMY_TOKEN_SECRET_REPLACED: "1" })).toMatchObject({ code: 0 });
    expect(await startOn(shop.db.url, other)).toMatchObject({ code: 0 });
  } finally {
    await shop.close();
  }
});

test("the app does not start with a real wallet on play money, nor with play money where real sats came in", async () => {
  const shop = await workshop();
  try {
    await openSession(shop, 100);
    const real = { LNBITS_URL: "http://127.0.0.1:9", LNBITS_API_KEY: "a key" };
    expect(await startOn(shop.db.url, real)).toMatchObject({ code: 1, stderr: expect.stringContaining("play money") });
    expect(await startOn(shop.db.url, {})).toMatchObject({ code: 0 });
    await shop.db.pool.query(`UPDATE installation_fact SET value = '"lnbits"' WHERE name = 'wallet'`);
    expect(await startOn(shop.db.url, {})).toMatchObject({ code: 1, stderr: expect.stringContaining("LNBITS_URL") });
  } finally {
    await shop.close();
  }
});

async function startOn(databaseUrl: string, settings: Record<string, string>) {
  const main = fileURLToPath(new URL("../server/worker.ts", import.meta.url));
  const env = {
    ...{ TIMMY_ENV_FILE: "off", LOG_LEVEL: "silent", DATABASE_URL: databaseUrl },
    ...{ TIMMY_TOKEN_SECRET: "a secret for tests, which is long enough", ...settings },
    NODE_ENV: "test" as const,
  };
  const child = spawn(process.execPath, ["--import", "tsx", main], { env, stdio: ["ignore", "pipe", "pipe"] });
  // One that starts after all is told to stop, and then ends with 0.
  child.stdout.on("data", (words) => String(words).includes("working") && child.kill("SIGTERM"));
  const [stderr, code] = await Promise.all([
    text(child.stderr),
    new Promise<number | null>((resolve) => child.once("exit", resolve)),
  ]);
  return { code, stderr };
}
