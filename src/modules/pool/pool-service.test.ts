import { afterAll, beforeAll, expect, test } from "vitest";
import { newOrderId } from "~/core/ids";
import { sats } from "~/core/money";
import { type Workshop, workshop } from "~/testing/workshop";

let shop: Workshop;
beforeAll(async () => {
  shop = await workshop({ settings: { POOL_SEED_SATS: "100" } });
  await Promise.all([shop.services.pool.seedIfNew(), shop.services.pool.seedIfNew()]);
});
afterAll(() => shop.close());

const regular = "ab".repeat(32);
/** An identity with a score and a life of paid work. */
async function known(pubkey: string, score: number, chargedSats: bigint) {
  await shop.services.trust.visited(pubkey);
  await shop.db.prisma.identity.update({ where: { pubkey }, data: { score, chargedSats } });
}

test("the seed is posted once, whoever starts first", async () => {
  expect(await shop.services.pool.balanceSats()).toBe(100n);
});

test("a quote within budget and pool is set aside whole, granted up to its price, and the rest goes back", async () => {
  await known(regular, 10, 1000n);
  const orderId = newOrderId();
  const { pool } = shop.services;
  expect(await pool.preview(regular, sats(40n))).toEqual({
    tier: "established",
    decision: { serve: "free", absorbSats: 40n, chargeSats: 0n },
  });
  expect(await pool.balanceSats()).toBe(100n);
  const decided = await shop.db.inTx((tx) => pool.decide(tx, regular, orderId, sats(40n)));
  expect(decided).toEqual({ serve: "free", absorbSats: 40n, chargeSats: 0n });
  expect(await pool.balanceSats()).toBe(60n);
  const granted = await shop.db.inTx((tx) => pool.settle(tx, { orderKind: "job", orderId }, sats(25n), "a request"));
  expect(granted).toBe(25n);
  expect(await pool.balanceSats()).toBe(75n);
  expect(await pool.usedToday(shop.db.prisma, regular)).toBe(25n);
  const proof = await shop.services.books.prove();
  expect(proof).toMatchObject({ ok: true, value: { ok: true } });
});

test("a quote beyond the day's budget is covered in part: pledged first, set aside when the visitor's part is paid", async () => {
  const orderId = newOrderId();
  const { pool } = shop.services;
  const decided = await shop.db.inTx((tx) => pool.decide(tx, regular, orderId, sats(60n)));
  expect(decided).toEqual({ serve: "partial", absorbSats: 25n, chargeSats: 35n });
  expect(await pool.balanceSats()).toBe(75n);
  expect((await pool.preview(regular, sats(1n))).decision.serve).toBe("gate");
  expect(await shop.db.inTx((tx) => pool.takePledge(tx, regular, orderId))).toBe(25n);
  expect(await pool.balanceSats()).toBe(50n);
  await shop.db.inTx((tx) => pool.release(tx, { orderKind: "job", orderId }));
  expect(await pool.balanceSats()).toBe(75n);
  expect(await pool.usedToday(shop.db.prisma, regular)).toBe(25n);
});

test("an offer is what would be decided, for whom, and changes nothing at all", async () => {
  const { pool } = shop.services;
  const everything = async () => {
    const { rows: tables } = await shop.db.pool.query<{ name: string }>(
      "SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1",
    );
    const contents = tables.map(async ({ name }) => {
      const { rows } = await shop.db.pool.query(`SELECT t::text AS row FROM ${name} t ORDER BY 1`);
      return [name, rows] as const;
    });
    return Object.fromEntries(await Promise.all(contents));
  };
  const before = await everything();
  expect(Object.keys(before)).toContain("free_tier_use");
  const left = 25n; // of the 50 of its day
  for (const [pubkey, quote, tier, absorbSats] of [
    [null, 40n, "anonymous", 0n],
    ["cd".repeat(32), 40n, "new", 0n],
    [regular, left, "established", left],
    [regular, left + 40n, "established", left],
  ] as const) {
    const asked = await Promise.all(Array.from({ length: 8 }, () => pool.offer(pubkey, sats(quote))));
    for (const offer of asked) {
      expect(offer).toMatchObject({ tier, decision: { absorbSats, chargeSats: quote - absorbSats }, balanceSats: 75n });
    }
  }
  const { dailyBudgetSats } = await pool.offer(null, sats(1n));
  expect(dailyBudgetSats).toEqual({ anonymous: 0n, new: 0n, established: 50n, trusted: 200n, elite: 1000n });
  expect(await everything()).toEqual(before);
});

test("a share of what was charged flows into the pool, rounded down", () => {
  const credited = [0n, 9n, 10n, 19n, 20n, 1_000_009n].map((charged) => shop.services.pool.creditOf(sats(charged)));
  expect(credited).toEqual([0n, 0n, 1n, 1n, 2n, 100_000n]);
});

test("without a pool there is nothing to give: the price is the full one", async () => {
  const dry = await workshop({ settings: { POOL_SEED_SATS: "0" } });
  try {
    const { pool } = dry.services;
    await pool.seedIfNew();
    await dry.services.trust.visited(regular);
    await dry.db.prisma.identity.update({ where: { pubkey: regular }, data: { score: 10, chargedSats: 1000n } });
    const decided = await dry.db.inTx((tx) => pool.decide(tx, regular, newOrderId(), sats(40n)));
    expect(decided).toEqual({ serve: "gate", absorbSats: 0n, chargeSats: 40n });
    expect(await dry.db.prisma.freeTierUse.count()).toBe(0);
  } finally {
    await dry.close();
  }
});
