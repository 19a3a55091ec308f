import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type TroubledWorkshop, troubledWorkshop } from "~/testing/troubled-workshop";
import { unwrap } from "~/testing/unwrap";

const FEE = 10;
const SECOND = 1000;
const GRACE = 60 * SECOND;
const TWO_HOURS = 7200 * SECOND;
let shop: TroubledWorkshop;
beforeAll(async () => {
  shop = await troubledWorkshop();
});
afterAll(() => shop.close());

type Claimed = { jobId: string; payoutId: string; paymentHash: string };
let claimed: Claimed;
beforeEach(async () => {
  claimed = await claim();
});

async function claim(of: TroubledWorkshop = shop): Promise<Claimed> {
  const { jobId, refundToken } = await of.owedJob();
  const { paymentHash, paymentRequest } = of.outsideInvoice(FEE, { expirySeconds: TWO_HOURS / SECOND });
  unwrap(await of.services.jobs.refund(jobId, refundToken, { invoice: paymentRequest }));
  const payout = await of.db.prisma.payout.findUnique({ where: { paymentHash } });
  return { jobId, paymentHash, payoutId: payout?.id ?? "" };
}

const run = (of: TroubledWorkshop = shop) => of.services.payouts.run(claimed.payoutId);
const payout = (of: TroubledWorkshop = shop) =>
  of.db.prisma.payout.findUniqueOrThrow({ where: { id: claimed.payoutId } });
const stateOf = async (of: TroubledWorkshop = shop) => (await payout(of)).state;
const pays = (of: TroubledWorkshop = shop) =>
  of.wallet.calls.filter(({ call, hash }) => call === "pay" && hash === claimed.paymentHash).length;
const owed = async () => unwrap(await shop.services.jobs.view(claimed.jobId)).owedSats;
const accounts = async () => {
  const rows = await shop.db.prisma.ledgerAccount.findMany({ where: { owner: claimed.jobId } });
  return Object.fromEntries(rows.map(({ kind, balanceMsat }) => [kind, balanceMsat]));
};
const theBooksBalance = async () => expect(unwrap(await shop.services.books.prove())).toMatchObject({ ok: true });
/** When the queue comes back to it, in ms from now. */
const comesBackIn = async (of: TroubledWorkshop = shop) => {
  const { rows } = await of.db.pool.query(
    "SELECT run_at FROM graphile_worker._private_jobs WHERE key = $1 AND locked_at IS NULL",
    [`payout:${claimed.payoutId}`],
  );
  return rows[0] ? (rows[0].run_at as Date).getTime() - of.clock.now().getTime() : null;
};
const PAID = { owed: 0n, in_flight: 0n };
const OWED = { owed: 10_000n, in_flight: 0n };
const IN_FLIGHT = { owed: 0n, in_flight: 10_000n };

describe("a payout that is sent", () => {
  test("and paid is booked, once", async () => {
    await run();
    expect(await payout()).toMatchObject({ state: "paid", sends: 1, note: null });
    expect(await accounts()).toMatchObject(PAID);
    await run();
    expect(pays()).toBe(1);
    await theBooksBalance();
  });

  test("and fails for good is owed again", async () => {
    shop.wallet.next("pay", { kind: "fails" });
    await run();
    expect(await payout()).toMatchObject({ state: "failed", note: "scripted: no route" });
    expect(await accounts()).toMatchObject(OWED);
    await run();
    expect(pays()).toBe(1);
    await theBooksBalance();
  });

  test.each([
    ["refused for being too much at once", { kind: "busy", retryAfterSeconds: 5 } as const],
    ["refused", { kind: "refused" } as const],
  ])("and %s was not sent: it waits and is tried again", async (_, trouble) => {
    shop.wallet.next("pay", trouble);
    await run();
    expect(await stateOf()).toBe("queued");
    expect(await accounts()).toMatchObject(IN_FLIGHT);
    expect(await comesBackIn()).toBeGreaterThan(0);
    await run();
    expect(await stateOf()).toBe("paid");
    expect(pays()).toBe(2);
    await theBooksBalance();
  });

  test.each([
    ["timed out, but arrived", { kind: "timesOutAfter" } as const],
    ["brought nonsense as an answer", { kind: "nonsense" } as const],
    ["timed out and never arrived", { kind: "timesOutBefore" } as const],
    ["is on its way", { kind: "pending" } as const],
    ["hangs unseen", { kind: "arrivesLate" } as const],
  ])("and %s is not sent again, and its money stays in flight, until the wallet says which", async (_, trouble) => {
    shop.wallet.next("pay", trouble);
    await run();
    expect(await stateOf()).toBe("sending");
    expect(await accounts()).toMatchObject(IN_FLIGHT);
    expect(await owed()).toBe(FEE);
    shop.wallet.next("lookUpPayment", { kind: "timesOutBefore" }, { kind: "busy", retryAfterSeconds: 1 });
    for (const _ of ["times out", "is busy"]) {
      await run();
      expect(await stateOf()).toBe("sending");
    }
    expect(pays()).toBe(1);
    expect(await comesBackIn()).toBeGreaterThan(0);
    await theBooksBalance();
  });

  test("and timed out, but arrived, is booked when the wallet says so", async () => {
    shop.wallet.next("pay", { kind: "timesOutAfter" });
    await run();
    await run();
    expect(await stateOf()).toBe("paid");
    expect(await accounts()).toMatchObject(PAID);
    expect(pays()).toBe(1);
    await theBooksBalance();
  });

  test.each(["goesOut", "fails"] as const)("and is on its way for an hour waits for its end: %s", async (end) => {
    shop.wallet.next("pay", { kind: "pending" });
    await run();
    for (const ms of [GRACE, 3_000 * SECOND]) {
      shop.clock.advance(ms);
      await run();
      expect(await stateOf()).toBe("sending");
    }
    await theBooksBalance();
    await shop.wallet.letGo(claimed.paymentHash, end);
    await run();
    expect(await stateOf()).toBe(end === "goesOut" ? "paid" : "failed");
    expect(await accounts()).toMatchObject(end === "goesOut" ? PAID : OWED);
    await theBooksBalance();
  });

  test("and of which the wallet knows nothing is sent again only long after", async () => {
    shop.wallet.next("pay", { kind: "timesOutBefore" });
    await run();
    await run();
    shop.clock.advance(GRACE - 1 * SECOND);
    await run();
    expect(await stateOf()).toBe("sending");
    expect(pays()).toBe(1);
    shop.clock.advance(2 * SECOND);
    await run();
    expect(await stateOf()).toBe("queued");
    await run();
    expect(await stateOf()).toBe("paid");
    expect(pays()).toBe(2);
    await theBooksBalance();
  });

  test("and is found in the wallet after it was given up is not paid a second time", async () => {
    shop.wallet.next("pay", { kind: "arrivesLate" });
    await run();
    shop.clock.advance(GRACE);
    await run();
    expect(await stateOf()).toBe("queued");
    await shop.wallet.letGo(claimed.paymentHash, "goesOut");
    await theBooksBalance();
    await run();
    await run();
    expect(await stateOf()).toBe("paid");
    expect(await accounts()).toMatchObject(PAID);
    await theBooksBalance();
  });
});

describe("a payout whose invoice expires", () => {
  const expire = () => shop.clock.advance(TWO_HOURS);

  test("before it was ever sent is owed again, without a question to the wallet", async () => {
    expire();
    shop.wallet.down();
    await run();
    shop.wallet.up();
    expect(await stateOf()).toBe("failed");
    expect(await accounts()).toMatchObject(OWED);
    expect(pays()).toBe(0);
  });

  test("while it waits for another try, but that went out in the end, is paid: the wallet has the last word", async () => {
    shop.wallet.next("pay", { kind: "arrivesLate" });
    await run();
    shop.clock.advance(GRACE);
    await run();
    expect(await stateOf()).toBe("queued");
    await shop.wallet.letGo(claimed.paymentHash, "goesOut");
    expire();
    shop.wallet.down();
    await run();
    expect(await stateOf()).toBe("queued");
    shop.wallet.up();
    await run();
    expect(await stateOf()).toBe("paid");
    expect(await accounts()).toMatchObject(PAID);
    await theBooksBalance();
  });

  test("while it waits for another try, and that the wallet never paid, is owed again", async () => {
    shop.wallet.next("pay", { kind: "timesOutBefore" });
    await run();
    shop.clock.advance(GRACE);
    await run();
    expire();
    await run();
    expect(await stateOf()).toBe("failed");
    expect(await accounts()).toMatchObject(OWED);
    await theBooksBalance();
  });
});

describe("a process that dies", () => {
  /** What the wallet port did when the process died inside the call. */
  async function dyingAt(when: "before" | "after") {
    const real = shop.wallet.pay;
    const died = new Error("the process died");
    shop.wallet.pay = async (payment) => {
      if (when === "after") await real(payment);
      throw died;
    };
    try {
      await expect(run()).rejects.toThrow(died);
    } finally {
      shop.wallet.pay = real;
    }
  }

  test("before the wallet heard of a payout leaves it to be looked up, and sent again long after", async () => {
    await dyingAt("before");
    expect(await stateOf()).toBe("sending");
    await run();
    expect(await stateOf()).toBe("sending");
    shop.clock.advance(GRACE);
    await run();
    await run();
    expect(await stateOf()).toBe("paid");
    await theBooksBalance();
  });

  test("after the wallet paid leaves it to be looked up, and booked", async () => {
    await dyingAt("after");
    expect(await stateOf()).toBe("sending");
    await theBooksBalance();
    await run();
    expect(await stateOf()).toBe("paid");
    expect(await accounts()).toMatchObject(PAID);
    await theBooksBalance();
  });
});

describe("a net under the queue", () => {
  const rescue = () => shop.services.tasks["rescue-payouts"]();
  const taskOf = () => `key = 'payout:${claimed.payoutId}'`;

  test.each([
    ["was lost", () => `DELETE FROM graphile_worker._private_jobs WHERE ${taskOf()}`],
    [
      "was put off by a clock that was ahead",
      () => `UPDATE graphile_worker._private_jobs SET run_at = run_at + interval '1 day' WHERE ${taskOf()}`,
    ],
  ])("a payout whose task %s gets one again", async (_, spoil) => {
    await shop.db.pool.query(spoil());
    await rescue();
    await shop.work();
    expect(await stateOf()).toBe("paid");
    expect(pays()).toBe(1);
    await theBooksBalance();
  });

  test("one that waits for its time goes on waiting, and one whose task fails keeps its growing pauses", async () => {
    const runAt = async () => {
      const { rows } = await shop.db.pool.query(
        `SELECT run_at, attempts FROM graphile_worker._private_jobs WHERE ${taskOf()}`,
      );
      return rows;
    };
    shop.wallet.next("pay", { kind: "refused" });
    await run();
    const waits = await runAt();
    expect(waits).toHaveLength(1);
    await rescue();
    expect(await runAt()).toEqual(waits);
    await shop.db.pool.query(
      `UPDATE graphile_worker._private_jobs SET attempts = 8, run_at = run_at + interval '50 minutes' WHERE ${taskOf()}`,
    );
    const fails = await runAt();
    await rescue();
    expect(await runAt()).toEqual(fails);
  });

  test("and one that is over gets none", async () => {
    await run();
    await shop.db.pool.query("DELETE FROM graphile_worker._private_jobs");
    await rescue();
    const { rows } = await shop.db.pool.query("SELECT key FROM graphile_worker._private_jobs WHERE key = $1", [
      `payout:${claimed.payoutId}`,
    ]);
    expect(rows).toEqual([]);
  });
});

describe("payouts are held back, and none is lost", () => {
  async function held(settings: Record<string, string>, note: RegExp) {
    const strict = await troubledWorkshop({ settings });
    try {
      claimed = await claim(strict);
      await run(strict);
      expect(await payout(strict)).toMatchObject({ state: "queued", note: expect.stringMatching(note) });
      expect(pays(strict)).toBe(0);
      expect(await comesBackIn(strict)).toBeGreaterThan(0);
      expect(unwrap(await strict.services.jobs.view(claimed.jobId))).toMatchObject({
        owedSats: FEE,
        payout: { state: "pending" },
      });
    } finally {
      await strict.close();
    }
  }
  test("by PAYOUTS=off", () => held({ PAYOUTS: "off" }, /PAYOUTS=off/));
  test("by the hourly cap", () => held({ PAYOUT_MAX_SATS_PER_HOUR: `${FEE - 1}` }, /cap/));
  // No hour will ever let it out: whoever looks must be told what will.
  test("by a cap that it is above all alone, and that is said", () =>
    held({ PAYOUT_MAX_SATS_PER_HOUR: `${FEE - 1}` }, /until PAYOUT_MAX_SATS_PER_HOUR is raised/));

  test("by the cap for an hour after as much went out", async () => {
    const capped = await troubledWorkshop({ settings: { PAYOUT_MAX_SATS_PER_HOUR: `${2 * FEE - 1}` } });
    try {
      claimed = await claim(capped);
      await run(capped);
      expect(await stateOf(capped)).toBe("paid");
      claimed = await claim(capped);
      await run(capped);
      expect(await stateOf(capped)).toBe("queued");
      capped.clock.advance(3500 * SECOND);
      await run(capped);
      expect(await stateOf(capped)).toBe("queued");
      capped.clock.advance(101 * SECOND);
      await run(capped);
      expect(await stateOf(capped)).toBe("paid");
    } finally {
      await capped.close();
    }
  });

  test("by the cap, however many are sent at once", async () => {
    const capped = await troubledWorkshop({ settings: { PAYOUT_MAX_SATS_PER_HOUR: `${2 * FEE}` } });
    try {
      for (let n = 0; n < 6; n += 1) await claim(capped);
      const payouts = await capped.db.prisma.payout.findMany({ select: { id: true } });
      await Promise.all(payouts.map(({ id }) => capped.services.payouts.run(id)));
      expect(await capped.db.prisma.payout.count({ where: { state: "paid" } })).toBe(2);
      expect(await capped.db.prisma.payout.count({ where: { state: "queued", note: { contains: "cap" } } })).toBe(4);
    } finally {
      await capped.close();
    }
  });

  test("by a wallet with too little in it", async () => {
    const { rows } = await shop.db.pool.query("SELECT balance_msat FROM simulated_wallet");
    const holds = (msat: string) => shop.db.pool.query("UPDATE simulated_wallet SET balance_msat = $1", [msat]);
    await holds("9999");
    await run();
    expect(await payout()).toMatchObject({ state: "queued", note: "the balance is too small" });
    await holds(rows[0].balance_msat);
    await run();
    expect(await stateOf()).toBe("paid");
    await theBooksBalance();
  });
});
