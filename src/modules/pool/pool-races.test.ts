import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { newOrderId } from "~/core/ids";
import { sats } from "~/core/money";
import { freeTier, freeTierFaults, regular } from "~/testing/free-tier";
import { type Call, makeCalls, type OtherProcess, otherProcess } from "~/testing/other-process";
import { unwrap } from "~/testing/unwrap";
import { type Workshop, workshop } from "~/testing/workshop";
import type { Decision } from "./pool";

// Every race here is run from two processes on one database: this one and another.
let shop: Workshop;
let tier: ReturnType<typeof freeTier>;
let other: OtherProcess;
beforeAll(async () => {
  shop = await workshop();
  tier = freeTier(shop);
  await shop.services.books.openIfNew();
  other = await otherProcess(shop.db.url);
  await Promise.all([shop.services.pool.seedIfNew(), other.call({ path: "pool.seedIfNew", times: 5 })]);
  expect(await balance()).toBe(10_000n);
});
afterAll(async () => {
  await other?.stop();
  await shop?.close();
});

const AT_ONCE = 200;
const balance = () => shop.services.pool.balanceSats();
const usedToday = (pubkey: string) => shop.services.pool.usedToday(shop.db.prisma, pubkey);
const key = (name: string) => Buffer.from(name.padEnd(32, ".")).toString("hex");
const elite = (name: string, chargedSats = 100_000n) => regular(shop, key(name), { score: 300, chargedSats });
const sum = (amounts: bigint[]) => amounts.reduce((a, b) => a + b, 0n);

/** All of it at once, every other call there. Nothing may throw: a race that is lost is an answer. */
async function race<T>(calls: Call[]): Promise<T[]> {
  const here = calls.filter((_, n) => n % 2 === 0);
  const there = calls.filter((_, n) => n % 2 === 1);
  const ours = { ...shop.services, freeTier: tier };
  const outcomes = (await Promise.all([makeCalls(ours, shop.work, here), other.call(...there)])).flat();
  return outcomes.map((outcome) => {
    if ("threw" in outcome) throw new Error(outcome.threw);
    return outcome.returned as T;
  });
}
const many = <T>(make: (n: number) => T, count = AT_ONCE): T[] => Array.from({ length: count }, (_, n) => make(n));
const decides = (pubkey: string, quote: bigint, orderId = newOrderId()): Call => ({
  path: "freeTier.decide",
  args: [pubkey, orderId, quote],
});

beforeEach(async () => expect(await freeTierFaults(shop)).toEqual([]));
async function allHolds() {
  expect(await freeTierFaults(shop)).toEqual([]);
  expect(unwrap(await shop.services.books.prove())).toMatchObject({ ok: true });
}

test("200 decisions on one identity's budget of the day: not one sat over", async () => {
  const pubkey = await regular(shop, key("daily"), { score: 60, chargedSats: 100_000n });
  const before = await balance();
  const decided = await race<Decision>(many(() => decides(pubkey, 7n)));
  // 200 sats a day: 28 whole quotes of 7, and the 4 that are left are pledged to one.
  expect(decided.filter(({ serve }) => serve === "free")).toHaveLength(28);
  expect(decided.filter(({ serve }) => serve === "partial").map(({ absorbSats }) => absorbSats)).toEqual([4n]);
  expect(decided.filter(({ serve }) => serve === "gate")).toHaveLength(171);
  expect(await usedToday(pubkey)).toBe(200n);
  expect(await balance()).toBe(before - 196n);
  await allHolds();
});

test("200 decisions at the end of what a life of paid work allows: not one sat over", async () => {
  const pubkey = await elite("life", 45n);
  const decided = await race<Decision>(many(() => decides(pubkey, 10n)));
  expect(decided.filter(({ serve }) => serve === "free")).toHaveLength(4);
  expect(sum(decided.map(({ absorbSats }) => absorbSats))).toBe(45n);
  await allHolds();
});

test("decisions while the standing changes under them: each is by the standing of its moment", async () => {
  const pubkey = await regular(shop, key("rising"), { score: 9, chargedSats: 1_000n });
  const calls = many<Call>((n) =>
    n % 4 === 0 ? { path: "freeTier.paidWork", args: [pubkey, 1n] } : decides(pubkey, 10n),
  );
  const answers = await race<Decision | undefined>([decides(pubkey, 10n), ...calls, decides(pubkey, 10n)]);
  const given = sum(answers.map((answer) => answer?.absorbSats ?? 0n));
  // 9 + 50 paid works make it trusted: nothing, then 50, then 200 a day.
  expect(given).toBeLessThanOrEqual(200n);
  expect(await usedToday(pubkey)).toBe(given);
  expect(await shop.db.prisma.identity.findUnique({ where: { pubkey } })).toMatchObject({
    score: 59,
    chargedSats: 1_050n,
    interactionCount: 50,
  });
  await allHolds();
});

test("work that is settled, failed, paid for and dropped at once, each step asked for twice", async () => {
  const pubkey = await elite("steps");
  const orders = await Promise.all(
    many(async (n) => {
      const orderId = newOrderId();
      const { serve } = await tier.decide(pubkey, orderId, n < 20 ? 30n : 1n);
      expect(serve).toBe("free");
      return orderId;
    }, 40),
  );
  const before = await balance();
  const steps = orders.flatMap<Call>((orderId, n) => {
    const step =
      n % 2 === 0
        ? { path: "freeTier.settle", args: [orderId, n < 20 ? 12n : 9n] }
        : { path: "freeTier.release", args: [orderId] };
    return [step, { path: "freeTier.dropPledge", args: [orderId] }, step];
  });
  await race(steps);
  // Of 20 orders of 30 sats half are granted 12, of 20 of one sat half are granted that one.
  const granted = 10n * 12n + 10n * 1n;
  expect(await shop.db.prisma.poolGrant.aggregate({ where: { pubkey }, _sum: { absorbedSats: true } })).toMatchObject({
    _sum: { absorbedSats: granted },
  });
  expect(await balance()).toBe(before + 20n * 31n - granted);
  expect(await usedToday(pubkey)).toBe(granted);
  await allHolds();
});

test("a pledge that is taken, dropped and taken again at once is taken once or not at all", async () => {
  const pubkey = await regular(shop, key("pledge"), { score: 10, chargedSats: 1_000n });
  for (let round = 0; round < 6; round += 1) {
    const orderId = newOrderId();
    const before = await balance();
    expect(await tier.decide(pubkey, orderId, 80n)).toMatchObject({ serve: "partial", absorbSats: 50n });
    const take = { path: "freeTier.takePledge", args: [pubkey, orderId] };
    const taken = await race<bigint | undefined>([
      ...many(() => take, 6),
      { path: "freeTier.dropPledge", args: [orderId] },
      take,
    ]);
    const all = taken.filter((amount) => typeof amount === "bigint" && amount > 0n);
    expect(all.length).toBeLessThanOrEqual(1);
    expect(before - (await balance())).toBe(all.length === 1 ? 50n : 0n);
    await tier.release(orderId);
    expect(await usedToday(pubkey)).toBe(0n);
  }
  await allHolds();
});

test("at the turn of the UTC day the budget is new; a pledge of yesterday counts on the day it is taken", async () => {
  const pubkey = await regular(shop, key("midnight"), { score: 10, chargedSats: 10_000n });
  const [old, pledged] = [newOrderId(), newOrderId()];
  expect((await tier.decide(pubkey, old, 30n)).serve).toBe("free");
  expect(await tier.decide(pubkey, pledged, 30n)).toMatchObject({ serve: "partial", absorbSats: 20n });
  expect((await shop.services.pool.preview(pubkey, sats(1n))).decision.serve).toBe("gate");

  await shop.db.pool.query("UPDATE free_tier_use SET day = day - 1 WHERE pubkey = $1", [pubkey]);
  expect(await usedToday(pubkey)).toBe(0n);
  expect(await tier.decide(pubkey, newOrderId(), 40n)).toMatchObject({ serve: "free" });
  expect(await tier.takePledge(pubkey, pledged)).toBe(10n);
  expect(await usedToday(pubkey)).toBe(50n);

  // What was set aside yesterday and is settled today stays yesterday's.
  await tier.settle(old, 25n);
  expect(await usedToday(pubkey)).toBe(50n);
  const days = await shop.db.pool.query(
    "SELECT sats::int, state FROM free_tier_use WHERE order_id = $1 AND day < current_date",
    [old],
  );
  expect(days.rows).toEqual([{ sats: 25, state: "settled" }]);
  await allHolds();
});

test("what is pledged and set aside counts against a life of paid work until it is known", async () => {
  const pubkey = await elite("aside", 100n);
  const order = newOrderId();
  expect(await tier.decide(pubkey, order, 90n)).toMatchObject({ serve: "free" });
  expect(await tier.decide(pubkey, newOrderId(), 90n)).toMatchObject({ serve: "partial", absorbSats: 10n });
  await tier.settle(order, 40n);
  expect(await shop.services.pool.preview(pubkey, sats(90n))).toMatchObject({ decision: { absorbSats: 50n } });
  await allHolds();
});

test("a pledge shrinks with the tier that it was made in", async () => {
  const pubkey = await regular(shop, key("fallen"), { score: 50, chargedSats: 10_000n });
  const orderId = newOrderId();
  expect(await tier.decide(pubkey, orderId, 300n)).toMatchObject({ absorbSats: 200n });
  await tier.refused(pubkey);
  expect(await tier.takePledge(pubkey, orderId)).toBe(50n);
  await tier.release(orderId);
  expect(await tier.takePledge(pubkey, orderId)).toBe(0n);
  await allHolds();
});

// The last: it leaves the pool dry.
test("200 decisions on the last sats of the pool, by 20 identities: not one sat over, and none forgotten", async () => {
  const drain = await elite("drain", 1_000_000n);
  while ((await balance()) > 95n) {
    const left = (await balance()) - 95n;
    await shop.db.pool.query("UPDATE free_tier_use SET day = day - 1 WHERE pubkey = $1", [drain]);
    await tier.decide(drain, newOrderId(), left < 1_000n ? left : 1_000n);
  }
  const keys = await Promise.all(many((n) => elite(`last ${n}`), 20));
  const held = (await reservedSats()) as bigint;
  const decided = await race<Decision>(many((n) => decides(keys[n % 20] ?? "", 10n)));
  const free = decided.filter(({ serve }) => serve === "free");
  expect(free).toHaveLength(9);
  expect(await balance()).toBe(5n);
  expect(await reservedSats()).toBe(held + 90n);
  // The rest was advice, of no more than there was in that moment.
  for (const { serve, absorbSats } of decided) if (serve === "partial") expect(absorbSats).toBeLessThan(10n);

  // Who pays their part now, all at once, gets what is left and no more.
  const orders = many((n) => ({ pubkey: keys[n % 20] ?? "", orderId: newOrderId() }), 40);
  const pledges = await Promise.all(orders.map(({ pubkey, orderId }) => tier.decide(pubkey, orderId, 10n)));
  expect(new Set(pledges.map(({ serve }) => serve))).toEqual(new Set(["partial"]));
  const taken = await race<bigint>(
    orders.map(({ pubkey, orderId }) => ({ path: "freeTier.takePledge", args: [pubkey, orderId] })),
  );
  expect(sum(taken)).toBe(5n);
  expect(await balance()).toBe(0n);
  expect((await tier.decide(keys[0] ?? "", newOrderId(), 10n)).serve).toBe("gate");
  await allHolds();
});

const reservedSats = async () => {
  const { rows } = await shop.db.pool.query<{ sats: string }>(
    "SELECT (coalesce(sum(balance_msat), 0) / 1000)::bigint AS sats FROM ledger_account WHERE kind = 'pool_reserved'",
  );
  return BigInt(rows[0]?.sats ?? "0");
};
