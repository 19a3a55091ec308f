import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type CoinGeckoServer, type PriceAnswer, startCoinGeckoServer } from "~/testing/coingecko-server";
import { type CoinGeckoDeps, createCoinGeckoOracle } from "./coingecko-oracle";
import type { GoodPrice, LastGoodPriceStore } from "./last-good-price-store";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const FALLBACK = 77_777;
const START = new Date("2026-11-22T12:00:00Z");

let server: CoinGeckoServer;
let now: Date;
let failures: string[];
beforeEach(async () => {
  server = await startCoinGeckoServer({ usd: 100_000 });
  now = START;
  failures = [];
});
afterEach(() => server.stop());

const pass = (ms: number) => {
  now = new Date(now.getTime() + ms);
};

/** The real one is in the database and has a test of its own there. */
const memory = (kept: GoodPrice | null = null): LastGoodPriceStore => ({
  load: async () => kept,
  async save(price) {
    kept = price;
  },
});

const oracleWith = (deps: Partial<CoinGeckoDeps> = {}) =>
  createCoinGeckoOracle({
    store: memory(),
    clock: { now: () => now },
    baseUrl: server.url,
    fallbackUsd: FALLBACK,
    onFailure: (detail) => failures.push(detail),
    ...deps,
  });

describe("the oracle", () => {
  test("takes a price for a minute, then asks again", async () => {
    const oracle = oracleWith();
    expect(await oracle.btcUsd()).toEqual({ usd: 100_000, source: "live", asOf: START });
    server.answer({ usd: 101_000.25 });
    pass(MINUTE - 1);
    expect(await oracle.btcUsd()).toEqual({ usd: 100_000, source: "live", asOf: START });
    pass(1);
    expect(await oracle.btcUsd()).toEqual({ usd: 101_000.25, source: "live", asOf: now });
    expect(server.calls.total).toBe(2);
    expect(failures).toEqual([]);
  });

  test("has one fetch in flight, however many ask", async () => {
    const oracle = oracleWith();
    const prices = await Promise.all(Array.from({ length: 50 }, () => oracle.btcUsd()));
    expect(new Set(prices.map(({ usd }) => usd))).toEqual(new Set([100_000]));
    expect(server.calls).toEqual({ total: 1, atOnce: 1 });
  });

  const FAILURES: PriceAnswer[] = [
    { status: 429 },
    { status: 500 },
    { status: 403, html: true },
    { status: 503, html: true },
    { body: "<html>maintenance</html>" },
    { body: "" },
    { body: "null" },
    { body: "[]" },
    { body: "{}" },
    { body: '{"bitcoin":{}}' },
    { body: '{"status":{"error_code":429}}' },
    { body: '{"bitcoin":{"usd":1e999}}' },
    { usd: null },
    { usd: "100000" },
    { usd: 0 },
    { usd: -100_000 },
    { usd: 999.99 },
    { usd: 10_000_000.01 },
    "cut",
  ];

  test.each(FAILURES)("%j is no price: the last good one holds for an hour, then the fallback", async (failure) => {
    const oracle = oracleWith();
    await oracle.btcUsd();
    server.answer(failure);
    pass(MINUTE);
    expect(await oracle.btcUsd()).toEqual({ usd: 100_000, source: "lastGood", asOf: START });
    expect(failures).toHaveLength(1);
    pass(HOUR - MINUTE - 1);
    expect(await oracle.btcUsd()).toMatchObject({ usd: 100_000, source: "lastGood" });
    pass(1);
    expect(await oracle.btcUsd()).toMatchObject({ usd: FALLBACK, source: "fallback" });
  });

  test.each(FAILURES)("%j is no price either where none was known before", async (failure) => {
    server.answer(failure);
    expect(await oracleWith().btcUsd()).toEqual({ usd: FALLBACK, source: "fallback", asOf: START });
    expect(failures).toHaveLength(1);
  });

  test.each([{ usd: 1_000 }, { usd: 10_000_000 }])("$usd is just a price", async (answer) => {
    server.answer(answer);
    expect(await oracleWith().btcUsd()).toMatchObject({ ...answer, source: "live" });
  });

  test("gives up on a server that hangs", async () => {
    server.answer("hang");
    expect(await oracleWith().btcUsd()).toMatchObject({ usd: FALLBACK, source: "fallback" });
    expect(failures).toEqual(["no answer in time"]);
  });

  test("does not hammer a server that fails: the next try is a minute later", async () => {
    const oracle = oracleWith();
    server.answer({ status: 429 });
    for (let i = 0; i < 10; i += 1) await oracle.btcUsd();
    pass(MINUTE - 1);
    await oracle.btcUsd();
    expect(server.calls.total).toBe(1);
    server.answer({ usd: 100_000 });
    pass(1);
    expect(await oracle.btcUsd()).toMatchObject({ usd: 100_000, source: "live" });
  });

  test.each([{ usd: 130_000 }, { usd: 70_000 }])("a move of 30 % to $usd is a price", async (answer) => {
    const oracle = oracleWith();
    await oracle.btcUsd();
    server.answer(answer);
    pass(MINUTE);
    expect(await oracle.btcUsd()).toMatchObject({ ...answer, source: "live" });
  });

  test("one wild answer is asked for again, and the second one counts", async () => {
    const oracle = oracleWith();
    await oracle.btcUsd();
    server.answer({ usd: 130_001 }, { usd: 100_500 });
    pass(MINUTE);
    expect(await oracle.btcUsd()).toMatchObject({ usd: 100_500, source: "live" });
    expect(failures).toEqual([]);
  });

  test.each([
    [{ usd: 69_999 }, { usd: 69_999 }],
    [{ usd: 130_001 }, { usd: 50_000 }],
    [{ usd: 130_001 }, { status: 429 }],
  ])("%j and then %j is a failure, not a price", async (first, second) => {
    const oracle = oracleWith();
    await oracle.btcUsd();
    server.answer(first, second);
    pass(MINUTE);
    expect(await oracle.btcUsd()).toEqual({ usd: 100_000, source: "lastGood", asOf: START });
    expect(failures).toHaveLength(1);
    expect(server.calls.total).toBe(3);
  });

  test("a jump that lasts is believed when the price it was measured against is an hour old", async () => {
    const oracle = oracleWith();
    await oracle.btcUsd();
    server.answer({ usd: 40_000 });
    const seen: string[] = [];
    for (let minute = 1; minute <= 61; minute += 1) {
      pass(MINUTE);
      const { usd, source } = await oracle.btcUsd();
      if (seen.at(-1) !== `${usd} ${source}`) seen.push(`${usd} ${source}`);
    }
    expect(seen).toEqual(["100000 lastGood", "40000 live"]);
  });

  test("a restart during an outage keeps the last good price, and so does another process", async () => {
    const store = memory();
    await oracleWith({ store }).btcUsd();
    server.answer({ status: 500 });
    pass(10 * MINUTE);
    expect(await oracleWith({ store }).btcUsd()).toEqual({ usd: 100_000, source: "lastGood", asOf: START });
  });

  test("a price that another process has just got is not asked for again", async () => {
    const store = memory();
    await oracleWith({ store }).btcUsd();
    pass(30 * SECOND);
    const other = oracleWith({ store });
    expect(await other.btcUsd()).toEqual({ usd: 100_000, source: "live", asOf: START });
    expect(server.calls.total).toBe(1);
    pass(30 * SECOND);
    await other.btcUsd();
    expect(server.calls.total).toBe(2);
  });

  test("a price from the future, of a clock since put right, is asked for again", async () => {
    const store = memory({ usd: 90_000, asOf: new Date(START.getTime() + 24 * HOUR) });
    expect(await oracleWith({ store }).btcUsd()).toEqual({ usd: 100_000, source: "live", asOf: START });
  });

  test("a clock that was ahead and is put back does not keep it from asking", async () => {
    const oracle = oracleWith();
    pass(24 * HOUR);
    await oracle.btcUsd();
    pass(-24 * HOUR);
    server.answer({ usd: 99_000 });
    expect(await oracle.btcUsd()).toMatchObject({ usd: 99_000, source: "live" });
    // Nor does it ask with each call from then on.
    await oracle.btcUsd();
    expect(server.calls.total).toBe(2);
  });

  test("goes on without its store", async () => {
    const broken = () => Promise.reject(new Error("no database"));
    const oracle = oracleWith({ store: { load: broken, save: broken } });
    expect(await oracle.btcUsd()).toMatchObject({ usd: 100_000, source: "live" });
    expect(failures).toHaveLength(2);
  });
});
