import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newOrderId } from "~/core/ids";
import { sats } from "~/core/money";
import { poolCredited } from "~/modules/ledger/ledger";
import { post } from "~/modules/ledger/ledger-service";
import { freeTier, freeTierFaults } from "~/testing/free-tier";
import { type MovableClock, movableClock } from "~/testing/movable-clock";
import { type Workshop, workshop } from "~/testing/workshop";
import { billOf } from "./pool";

/**
 * What does somebody gain who makes keys only for what the pool gives them? Trust, pool and ledger are the real ones on a
 * real database, each order decided, set aside, settled and credited as a job is. Left out are invoices and models: an
 * order is its eval fee, its quote and its price, which the farmer may choose as it suits them best.
 */
const EVAL_FEE = 10n;
/** The cheapest work there is, hardly more than its share of the servers; and the dearest that one budget covers. */
const CHEAP = { quote: 41n, price: 16n };
const DAYS = 40;
const DAY_MS = 86_400_000;

type Account = { orders: number; fees: bigint; charged: bigint; absorbed: bigint };
type Farm = { name: string; keys: number; paidOrders: number; patientDays: number };

let clock: MovableClock;
let shop: Workshop;
/** The same workshop, but for the rule that a life of free work is at most a life of paid work. */
let generous: Workshop;
beforeAll(async () => {
  clock = movableClock();
  const outside = () => ({ clock });
  shop = await workshop({ outside, settings: { POOL_SEED_SATS: "1000000" } });
  const settings = { POOL_SEED_SATS: "1000000", FREE_TIER_MAX_RETURN_PCT: "1000" };
  generous = await workshop({ outside, settings, databaseUrl: shop.db.url });
  await shop.services.pool.seedIfNew();
});
afterAll(async () => {
  expect(await freeTierFaults(shop)).toEqual([]);
  await generous.close();
  await shop.close();
});

async function order(at: Workshop, pubkey: string, wanted: { quote: bigint; price: bigint }, account: Account) {
  const { pool, trust } = at.services;
  const { decide, takePledge, settle } = freeTier(at);
  const orderId = newOrderId();
  const { serve, absorbSats, chargeSats } = await decide(pubkey, orderId, wanted.quote);
  const reservedSats = serve === "partial" ? await takePledge(pubkey, orderId) : absorbSats;
  const bill = billOf(sats(wanted.price), { reservedSats, paidSats: chargeSats });
  if (reservedSats > 0n) expect(await settle(orderId, wanted.price)).toBe(bill.absorbedSats);
  await at.db.inTx(async (tx) => {
    const event = bill.chargedSats > 0n ? "paidWork" : "freeWork";
    await trust.happened(tx, pubkey, event, bill.chargedSats);
    await post(tx, { key: `farm:${orderId}`, lines: [poolCredited(pool.creditOf(bill.chargedSats))] });
  });
  account.orders += 1;
  account.fees += EVAL_FEE;
  account.charged += bill.chargedSats;
  account.absorbed += bill.absorbedSats;
}

const offeredTo = async (at: Workshop, pubkey: string) =>
  (await at.services.pool.preview(pubkey, sats(1_000n))).decision.absorbSats;

async function nextDay(at: Workshop): Promise<void> {
  clock.advance(DAY_MS);
  await at.db.pool.query("UPDATE free_tier_use SET day = day - 1");
}

/** Buys its way in as cheaply as can be, then takes all that it is given, day after day. */
async function farm(at: Workshop, { keys, paidOrders, patientDays }: Farm): Promise<Account> {
  const pubkeys = Array.from({ length: keys }, () => randomBytes(32).toString("hex"));
  const account: Account = { orders: 0, fees: 0n, charged: 0n, absorbed: 0n };
  for (const pubkey of pubkeys) {
    await at.services.trust.visited(pubkey);
    for (let n = 0; n < paidOrders; n += 1) await order(at, pubkey, CHEAP, account);
  }
  for (let day = 0; day < patientDays; day += 1) {
    await nextDay(at);
    for (const pubkey of pubkeys) {
      const offered = await offeredTo(at, pubkey);
      if (offered > 0n) await order(at, pubkey, { quote: offered, price: offered }, account);
    }
  }
  for (const pubkey of pubkeys) {
    const { absorbedSats, chargedSats } = await at.db.prisma.identity.findUniqueOrThrow({ where: { pubkey } });
    if (at === shop) expect(absorbedSats).toBeLessThanOrEqual(chargedSats);
  }
  return account;
}

const cost = ({ fees, charged }: Account) => fees + charged;
const report: string[] = [];
function tell({ name, keys }: Farm, account: Account): void {
  const { orders, fees, charged, absorbed } = account;
  const [gain, wanted] = [absorbed - cost(account), absorbed - fees];
  const line = [keys, orders, fees, charged, absorbed, gain, wanted]
    .map((figure) => String(figure).padStart(9))
    .join("");
  report.push(`${name.padEnd(54)}${line}`);
}
afterAll(() => {
  const heads = ["keys", "orders", "eval fees", "paid work", "free work", "gain", "(*)"];
  const head = heads.map((word) => ` ${word}`.padStart(9)).join("");
  const note = "(*) the gain of who wanted the paid work anyway: what regulars are given, by as many keys as they like";
  console.log(["", `${"sats, over all keys of a farm".padEnd(54)}${head}`, ...report, note, ""].join("\n"));
});

describe("farming", () => {
  const farms: Farm[] = [
    { name: "keys that never paid for work", keys: 8, paidOrders: 0, patientDays: 3 },
    { name: "keys that paid for one work too little", keys: 8, paidOrders: 9, patientDays: 3 },
    { name: "one key, established as cheaply as can be", keys: 1, paidOrders: 10, patientDays: DAYS },
    { name: "many keys, established as cheaply as can be", keys: 8, paidOrders: 10, patientDays: 6 },
    { name: "many keys, bought in for twice as much", keys: 8, paidOrders: 20, patientDays: 9 },
    { name: "a few keys, trusted", keys: 3, paidOrders: 50, patientDays: 8 },
  ];
  test.each(farms)("$name: costs more than it wins", async (planned) => {
    const account = await farm(shop, planned);
    tell(planned, account);
    expect(account.absorbed).toBeLessThanOrEqual(account.charged);
    if (account.orders > 0) expect(account.absorbed).toBeLessThan(cost(account));
    if (planned.paidOrders < 10) expect(account.absorbed).toBe(0n);
    // Every new key has to be paid for anew: none of them wins what was not paid before, and the fees come on top.
    expect(cost(account) - account.absorbed).toBeGreaterThanOrEqual(account.fees);
  });

  test("the same first orders by one key leave more of them with it than by many: keys are never worth making", async () => {
    const many = { name: "many keys, and the same first orders …", keys: 10, paidOrders: 10, patientDays: 6 };
    const one = { name: "… made by one", keys: 1, paidOrders: 100, patientDays: 9 };
    const [byMany, byOne] = [await farm(shop, many), await farm(shop, one)];
    tell(many, byMany);
    tell(one, byOne);
    expect(byOne.absorbed - cost(byOne)).toBeGreaterThan(byMany.absorbed - cost(byMany));
    expect(byOne.absorbed - byOne.fees).toBeGreaterThan(byMany.absorbed - byMany.fees);
  });

  test("what keeps it so is the rule of a lifetime: without it one patient key wins, and the more the longer", async () => {
    const planned = {
      name: "WITHOUT the lifetime's rule: one patient key",
      keys: 1,
      paidOrders: 10,
      patientDays: DAYS,
    };
    const account = await farm(generous, planned);
    tell(planned, account);
    expect(account.absorbed).toBeGreaterThan(cost(account));
  });
});
