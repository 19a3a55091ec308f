import { afterAll, beforeAll, expect, test } from "vitest";
import { newOrderId } from "~/core/ids";
import { sats } from "~/core/money";
import { poolCredited } from "~/modules/ledger/ledger";
import { post } from "~/modules/ledger/ledger-service";
import { type Workshop, workshop } from "~/testing/workshop";
import { poolReportService } from "./pool-report-service";

let shop: Workshop;
beforeAll(async () => {
  shop = await workshop({ settings: { POOL_SEED_SATS: "100" } });
  await shop.services.pool.seedIfNew();
});
afterAll(() => shop.close());

const REGULAR = "ab".repeat(32);
/** Nothing is remembered from one look to the next. */
const report = (days: number) => poolReportService({ db: shop.db, creditPct: 10 }).report(days);
const today = async () => (await report(1)).days[0];

async function grant(amount: bigint): Promise<void> {
  const { pool } = shop.services;
  const orderId = newOrderId();
  await shop.db.inTx((tx) => pool.decide(tx, REGULAR, orderId, sats(amount)));
  await shop.db.inTx((tx) => pool.settle(tx, { orderKind: "job", orderId }, sats(amount), "a secret request"));
}

test("seed, shares and grants of a day, and what is set aside, are told as the ledger has them", async () => {
  const { pool, trust } = shop.services;
  await trust.visited(REGULAR);
  await shop.db.prisma.identity.update({ where: { pubkey: REGULAR }, data: { score: 10, chargedSats: 1000n } });
  const before = { creditedSats: 0, committedSats: 100, grantedSats: 0, balanceSats: 100 };
  expect(await report(3)).toMatchObject({ balanceSats: 100, reservedSats: 0, days: [{}, { balanceSats: 0 }, before] });

  await shop.db.inTx((tx) => post(tx, { key: "share", lines: [poolCredited(sats(7n))] }));
  await grant(12n);
  const orderId = newOrderId();
  await shop.db.inTx((tx) => pool.decide(tx, REGULAR, orderId, sats(20n)));
  expect(await report(1)).toMatchObject({ balanceSats: 75, reservedSats: 20 });
  expect(await today()).toMatchObject({ creditedSats: 7, committedSats: 100, grantedSats: 12, balanceSats: 95 });

  // Nothing was paid after all: no flow, and all of it may be given again.
  await shop.db.inTx((tx) => pool.release(tx, { orderKind: "job", orderId }));
  expect(await report(1)).toMatchObject({ balanceSats: 95, reservedSats: 0 });
  expect(await today()).toMatchObject({ grantedSats: 12, balanceSats: 95 });
});

test("the public log is paged, the newest first, and has neither key nor request", async () => {
  await grant(3n);
  await grant(4n);
  const { grants } = poolReportService({ db: shop.db, creditPct: 10 });
  const first = await grants({ limit: 2 });
  expect(first.grants.map(({ amountSats }) => amountSats)).toEqual([4, 3]);
  expect(Object.keys(first.grants[0] ?? {}).sort()).toEqual(["amountSats", "day"]);
  const second = await grants({ limit: 2, cursor: first.nextCursor ?? "" });
  expect(second).toMatchObject({ grants: [{ amountSats: 12 }], nextCursor: null });
});

test("a report reads the days that are asked for, by their index", async () => {
  const client = await shop.db.pool.connect();
  await client.query("BEGIN; SET LOCAL enable_seqscan = off");
  const { rows } = await client.query<{ "QUERY PLAN": string }>(`EXPLAIN SELECT sum(amount_msat) FROM ledger_transfer
    WHERE (("credit_kind" = 'pool' AND "debit_kind" IN ('revenue', 'pool_commitment'))
        OR ("debit_kind" = 'pool_reserved' AND "credit_kind" = 'revenue'))
      AND posted_at >= (free_tier_today() - 29)::timestamp AT TIME ZONE 'utc'`);
  await client.query("ROLLBACK");
  client.release();
  expect(rows.map((row) => row["QUERY PLAN"]).join("\n")).toContain("ledger_transfer_pool_flows");
});
