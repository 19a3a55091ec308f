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
  expect(await pool.preview(regular, sats(40n))).toEqual({ serve: "free", absorbSats: 40n, chargeSats: 0n });
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
  expect((await pool.preview(regular, sats(1n))).serve).toBe("gate");
  expect(await shop.db.inTx((tx) => pool.takePledge(tx, regular, orderId))).toBe(25n);
  expect(await pool.balanceSats()).toBe(50n);
  await shop.db.inTx((tx) => pool.release(tx, { orderKind: "job", orderId }));
  expect(await pool.balanceSats()).toBe(75n);
  expect(await pool.usedToday(shop.db.prisma, regular)).toBe(25n);
});
