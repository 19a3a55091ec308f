import { afterAll, beforeAll, expect, test } from "vitest";
import { msat } from "~/core/money";
import { ok } from "~/core/result";
import { type Database, openDatabase } from "~/db/client";
import type { LightningWallet } from "~/ports/lightning-wallet";
import { withinBudget } from "~/server/wallet-budget";
import { type TestDatabase, testDatabase } from "~/testing/database";
import { signs } from "./operator-signs";
import { beat, keepSighting, leave, processes, sightings, walletCalls } from "./operator-store";

let home: TestDatabase;
let db: Database;
beforeAll(async () => {
  home = await testDatabase();
  db = openDatabase(home.url, { poolSize: 4 });
});
afterAll(async () => {
  await db.close();
  await home.drop();
});

const age = (id: string, interval: string) =>
  db.pool.query(`UPDATE process SET seen_at = now() - interval '${interval}' WHERE id = $1`, [id]);
const seen = async () => (await processes(db, 10)).map(({ id, side, ageMs }) => [id, side, Math.floor(ageMs / 60_000)]);

test("processes are seen while they live, with their age after that, and forgotten when they have long been gone", async () => {
  await beat(db, "a", "web", null);
  await beat(db, "b", "worker", true);
  await beat(db, "c", "both", false);
  await age("a", "5 minutes");
  expect(await seen()).toEqual(
    expect.arrayContaining([
      ["a", "web", 5],
      ["b", "worker", 0],
      ["c", "both", 0],
    ]),
  );
  await beat(db, "a", "web", null);
  expect(await seen()).toContainEqual(["a", "web", 0]);
  await age("b", "2 hours");
  await leave(db, "c");
  await beat(db, "a", "web", null);
  expect(await seen()).toEqual([["a", "web", 0]]);
});

test("the calls of this minute are those that the wallet's budget has counted", async () => {
  const silent = async () => ok(msat(0));
  const wallet = withinBudget({ kind: "lnbits", balance: silent } as unknown as LightningWallet, db.pool, 50);
  expect(await walletCalls(db, new Date())).toBe(0);
  for (let call = 0; call < 3; call += 1) await wallet.balance();
  expect(await walletCalls(db, new Date())).toBe(3);
  expect(await walletCalls(db, new Date(Date.now() + 61_000))).toBe(0);
});

test("what is seen often is written down seldom, what is seen first at once, and what failed to be written the next time", async () => {
  let now = 0;
  const kept: string[] = [];
  let broken = false;
  const saw = signs(
    async (name, detail) => {
      if (broken) throw new Error("no database");
      kept.push(`${name} ${detail}`);
    },
    () => now,
  );
  saw("webhook", "1");
  saw("webhook", "2");
  saw("model error", "1");
  now = 10_000;
  saw("webhook", "3");
  broken = true;
  now = 20_000;
  saw("webhook", "4");
  await new Promise(setImmediate);
  broken = false;
  saw("webhook", "5");
  expect(kept).toEqual(["webhook 1", "model error 1", "webhook 3", "webhook 5"]);
});

test("a sighting is the newest of its kind", async () => {
  await keepSighting(db, "model error", "first");
  await keepSighting(db, "model error", "second");
  const all = await sightings(db);
  expect([...all.keys()]).toEqual(["model error"]);
  expect(all.get("model error")).toMatchObject({ detail: "second" });
});
