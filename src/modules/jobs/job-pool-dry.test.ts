import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { newOrderId } from "~/core/ids";
import { sats } from "~/core/money";
import { freeTier, regular } from "~/testing/free-tier";
import { expectFreeTierHolds } from "~/testing/free-tier-holds";
import { ACCEPTABLE, DONE } from "~/testing/scripted-agent";
import { type TroubledWorkshop, troubledWorkshop } from "~/testing/troubled-workshop";
import { unwrap } from "~/testing/unwrap";

// The pool holds the amount more times than there are connections, so it is taken from without a savepoint; and then it
// runs dry all the same, between the look at it and the posting: the ledger refuses (LE003), and the whole step is undone.
let shop: TroubledWorkshop;
beforeAll(async () => {
  shop = await troubledWorkshop();
  await shop.services.pool.seedIfNew();
});
afterAll(() => shop.close());

/** What the scripted agent's work is quoted at. */
const QUOTE = 41;
const newKey = () => randomBytes(32).toString("hex");
const established = () => regular(shop, newKey(), { score: 10, chargedSats: 10_000n });
const balance = () => shop.services.pool.balanceSats();
const view = async (jobId: string) => unwrap(await shop.services.jobs.view(jobId));
const useOf = (orderId: string) => shop.db.prisma.freeTierUse.findUnique({ where: { orderId } });
const dropTasks = () => shop.db.pool.query("DELETE FROM graphile_worker._private_jobs");
const judgings = () => shop.agent.calls.filter(({ call }) => call === "judge").length;
const allHolds = () => expectFreeTierHolds(shop);

beforeEach(async () => {
  shop.agent.judges(async () => ACCEPTABLE);
  shop.agent.works(async () => DONE);
  await shop.db.inTx((tx) => shop.services.pool.topUp(tx, newOrderId(), sats(100_000n), "the next test"));
});

/** While `step` is on its way, somebody else takes all of the pool but `left`, and is first. */
async function driesUnder<T>(left: bigint, step: () => Promise<T>): Promise<T> {
  const drain = await regular(shop, newKey(), { score: 300, chargedSats: 1_000_000n });
  const orderId = newOrderId();
  let commit = () => {};
  const held = new Promise<void>((resolve) => {
    commit = resolve;
  });
  let drained = () => {};
  const isDrained = new Promise<void>((resolve) => {
    drained = resolve;
  });
  const draining = shop.db.inTx(async (tx) => {
    await tx.$executeRaw`SELECT pool_reserve(${orderId}::uuid, ${drain}, pool_balance() - ${left}::bigint)`;
    drained();
    await held;
  });
  await isDrained;
  const stepping = step().then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  await expect.poll(waitingForLocks).toBeGreaterThan(0);
  commit();
  await draining;
  const came = await stepping;
  if ("error" in came) throw came.error;
  return came.value;
}
const waitingForLocks = async () => {
  const { rows } = await shop.db.pool.query(
    "SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
  );
  return rows[0].n as number;
};

async function evaluating() {
  const job = await shop.order("a haiku", await established());
  await shop.pay(job.evalInvoice.paymentHash);
  return job;
}
/** Judged, with so much of its budget left that the pool covers only a part, which is paid outside and not noticed yet. */
async function partFreeAndPaid(coveredSats: bigint) {
  const pubkey = await established();
  await freeTier(shop).decide(pubkey, newOrderId(), 50n - coveredSats);
  const job = await shop.order("a haiku", pubkey);
  await shop.pay(job.evalInvoice.paymentHash);
  await shop.work();
  const hash = (await view(job.jobId)).workInvoice?.paymentHash ?? "";
  await shop.payOutside(hash);
  shop.clock.advance(3_000);
  return { job, hash };
}

test("the pool that dries under the decision covers what is left in it: decided anew, and judged once", async () => {
  const job = await evaluating();
  const before = judgings();
  await driesUnder(5n, () => shop.work());
  expect(await view(job.jobId)).toMatchObject({
    state: "awaiting_work_payment",
    pricingBreakdown: { absorbedSats: 5 },
  });
  expect(judgings()).toBe(before + 1);
  expect(await useOf(job.jobId)).toMatchObject({ state: "pledged", sats: 5n });
  expect(await balance()).toBe(5n);
  await allHolds();
});

test("and covers nothing where nothing is left", async () => {
  const job = await evaluating();
  await driesUnder(0n, () => shop.work());
  expect(await view(job.jobId)).toMatchObject({ state: "awaiting_work_payment", workInvoice: { amountSats: QUOTE } });
  expect(await useOf(job.jobId)).toBeNull();
  await allHolds();
});

test("the pool that dries under a payment gives what is left, and whoever polls is answered", async () => {
  const { job } = await partFreeAndPaid(12n);
  const seen = await driesUnder(3n, () => shop.services.jobs.view(job.jobId));
  expect(unwrap(seen)).toMatchObject({ state: "executing" });
  expect(await useOf(job.jobId)).toMatchObject({ state: "reserved", sats: 3n });
  expect(await balance()).toBe(0n);
  await dropTasks();
  await allHolds();
});

test("and so does one that the sweep notices: it is booked in the same look, not at the next one", async () => {
  const { job } = await partFreeAndPaid(12n);
  shop.clock.advance(60_000);
  await driesUnder(0n, () => shop.services.invoices.sweep());
  expect(await view(job.jobId)).toMatchObject({ state: "executing" });
  expect(await useOf(job.jobId)).toBeNull();
  await dropTasks();
  await allHolds();
});
