import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openDatabase } from "~/db/client";
import { testDatabase } from "~/testing/database";
import { TEST_SECRET } from "~/testing/workshop";
import { type Container, createContainer } from "./container";
import { settingsFrom } from "./env";

let database: Awaited<ReturnType<typeof testDatabase>>;
let container: Container;
beforeAll(async () => {
  database = await testDatabase();
  container = await createContainer(
    await settingsFrom({ TIMMY_TOKEN_SECRET: TEST_SECRET, COINGECKO_URL: "http://127.0.0.1:9", LOG_LEVEL: "silent" }),
    database.url,
  );
});
afterAll(async () => {
  await container.close();
  await database.drop();
});

test("a process that has just begun is soon known as one that hears the wallet, and is gone when it leaves", async () => {
  const db = openDatabase(database.url, { poolSize: 1 });
  const heard = async () => (await db.pool.query("SELECT hears_wallet FROM process")).rows;
  const settlements = container.followSettlements();
  const presence = container.announce("both");
  // Before the second of the usual beats, which are 15 s apart.
  await vi.waitFor(async () => expect(await heard()).toEqual([{ hears_wallet: true }]), { timeout: 10_000 });
  await presence.stop();
  expect(await heard()).toEqual([]);
  await settlements.stop();
  await db.close();
});
