import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "~/testing/database";
import { type Database, openDatabase } from "./client";
import { lastGoodPriceStore } from "./last-good-price-store";

let home: TestDatabase;
let one: Database;
let other: Database;
beforeAll(async () => {
  home = await testDatabase();
  one = openDatabase(home.url, { poolSize: 2 });
  other = openDatabase(home.url, { poolSize: 2 });
});
afterAll(async () => {
  await one.close();
  await other.close();
  await home.drop();
});

test("what one process keeps, another one finds, to the cent and the millisecond", async () => {
  expect(await lastGoodPriceStore(other).load()).toBeNull();
  const first = { usd: 98_765.43, asOf: new Date("2026-11-22T12:00:00.123Z") };
  await lastGoodPriceStore(one).save(first);
  expect(await lastGoodPriceStore(other).load()).toEqual(first);
  const second = { usd: 67_187.3358936566, asOf: new Date("2026-11-22T12:01:00.456Z") };
  await lastGoodPriceStore(other).save(second);
  expect(await lastGoodPriceStore(one).load()).toEqual(second);
});

test("two processes that save at once leave one price", async () => {
  const asOf = new Date();
  await Promise.all(
    [1_000, 2_000, 3_000, 4_000].map((usd, at) => lastGoodPriceStore(at % 2 ? one : other).save({ usd, asOf })),
  );
  const { rows } = await one.pool.query("SELECT count(*)::int AS prices FROM btc_price");
  expect(rows).toEqual([{ prices: 1 }]);
});
