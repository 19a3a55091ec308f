import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { sats } from "~/core/money";
import { enqueue } from "~/db/queue";
import { devPayService } from "~/modules/invoices/dev-pay-service";
import { ownWalletPayer } from "~/testing/own-wallet-payer";
import { type TroubledWorkshop, troubledWorkshop } from "~/testing/troubled-workshop";
import { unwrap } from "~/testing/unwrap";
import { booksService } from "./books-service";

const OPENING = 1_000n;
let shop: TroubledWorkshop;
beforeEach(async () => {
  shop = await troubledWorkshop({ openingSats: sats(OPENING) });
});
afterEach(() => shop.close());

const books = () => shop.services.books;
const prove = async () => unwrap(await books().prove());
const balanceOf = async (kind: string) => (await prove()).sheet.lines.find((line) => line.kind === kind)?.balanceMsat;
/** The wallet moved, and nobody told the books. */
const moveWallet = (msat: bigint) =>
  shop.db.pool.query("UPDATE simulated_wallet SET balance_msat = balance_msat + $1", [msat.toString()]);

describe("the opening balance", () => {
  test("is what the wallet held at first, booked once in the life of the books", async () => {
    expect(await balanceOf("opening_balance")).toBe(OPENING * 1000n);
    await moveWallet(5_000n);
    await Promise.all([books().openIfNew(), books().openIfNew(), books().takeReading()]);
    expect(await balanceOf("opening_balance")).toBe(OPENING * 1000n);
    expect(await prove()).toMatchObject({ ok: false });
  });

  test("is booked once by ten processes that start at once", async () => {
    await startAnew();
    await Promise.all(Array.from({ length: 10 }, () => books().openIfNew()));
    expect(await balanceOf("opening_balance")).toBe(OPENING * 1000n);
    expect(await prove()).toMatchObject({ ok: true });
  });

  test("leaves out what an order's payer has paid, also while that comes in", async () => {
    await startAnew();
    // In the midst of the reading that would be booked, and of its second look, a job is ordered and paid.
    let looks = 0;
    const racing = booksService({
      ...serviceParts(),
      wallet: {
        ...shop.wallet,
        async balance() {
          looks += 1;
          if (looks === 3 || looks === 4) {
            const job = await shop.order();
            await shop.payOutside(job.evalInvoice.paymentHash);
          }
          return shop.wallet.balance();
        },
      },
    });
    for (let readings = 0; readings < 3; readings += 1) await racing.openIfNew();
    for (const { paymentHash } of await shop.services.invoices.open(2)) {
      unwrap(await shop.services.invoices.lookUp(paymentHash));
    }
    expect(await balanceOf("opening_balance")).toBe(OPENING * 1000n);
    expect(await prove()).toMatchObject({ ok: true });
  });

  test("leaves in what our own wallet has spent for the dev route and nobody has booked yet", async () => {
    await startAnew();
    const { evalInvoice } = await shop.order();
    await spendAndDie(evalInvoice.paymentHash);
    await books().openIfNew();
    expect(await balanceOf("opening_balance")).toBe(OPENING * 1000n);
    await dueNow();
    await shop.work();
    expect(await balanceOf("dev_pay")).toBe(10_000n);
    expect(await balanceOf("opening_balance")).toBe(OPENING * 1000n);
    expect(await prove()).toMatchObject({ ok: true, terms: { sentUnbookedMsat: 0n } });
  });

  test("leaves in what our own wallet spends for the dev route while it is read", async () => {
    await startAnew();
    // Paid in the midst of a reading, noticed in that of the next, booked in that of the one after.
    const { evalInvoice } = await shop.order();
    const hash = evalInvoice.paymentHash;
    const happenings = [
      () => spendAndDie(hash),
      async () => void unwrap(await shop.services.invoices.lookUp(hash)),
      () => shop.services.tasks["book-dev-pay"]({ paymentHash: hash }),
    ];
    let looks = 0;
    const racing = booksService({
      ...serviceParts(),
      wallet: {
        ...shop.wallet,
        async balance() {
          looks += 1;
          if (looks % 2 === 1) await happenings.shift()?.();
          return shop.wallet.balance();
        },
      },
    });
    for (let readings = 0; readings < 4; readings += 1) await racing.openIfNew();
    expect(happenings).toHaveLength(0);
    expect(await balanceOf("opening_balance")).toBe(OPENING * 1000n);
    expect(await prove()).toMatchObject({ ok: true });
  });

  /** As before the first start. */
  async function startAnew() {
    await shop.close();
    shop = await troubledWorkshop({ openingSats: sats(OPENING), books: "unopened" });
  }
});

describe("the proof lists", () => {
  test("what was paid to us and is not booked", async () => {
    const job = await shop.order();
    await shop.payOutside(job.evalInvoice.paymentHash);
    expect(await prove()).toMatchObject({ ok: true, terms: { settledUnbookedMsat: 10_000n } });
    unwrap(await shop.services.invoices.lookUp(job.evalInvoice.paymentHash));
    expect(await prove()).toMatchObject({ ok: true, terms: { settledUnbookedMsat: 0n } });
  });

  test("what was paid late, to an invoice that we had called over", async () => {
    const job = await shop.order();
    shop.clock.advance(shop.settings.invoiceExpirySeconds * 1000);
    shop.wallet.sayExpiredOnce(job.evalInvoice.paymentHash);
    unwrap(await shop.services.invoices.lookUp(job.evalInvoice.paymentHash));
    expect(unwrap(await shop.services.jobs.view(job.jobId)).state).toBe("expired");
    await shop.payOutside(job.evalInvoice.paymentHash);
    expect(await prove()).toMatchObject({ ok: true, terms: { settledUnbookedMsat: 10_000n } });
  });

  test("what was paid by us and is not booked", async () => {
    await refunding();
    shop.wallet.next("pay", { kind: "timesOutAfter" });
    await shop.work();
    expect(await prove()).toMatchObject({ ok: true, terms: { sentUnbookedMsat: 10_000n, reservedMsat: 0n } });
    shop.clock.advance(60_000);
  });

  test("what the wallet holds back for a payment under way", async () => {
    await refunding();
    shop.wallet.next("pay", { kind: "pending" });
    await shop.work();
    expect(await prove()).toMatchObject({ ok: true, terms: { sentUnbookedMsat: 0n, reservedMsat: 10_000n } });
  });

  test("what our own wallet paid for the dev route and is not booked", async () => {
    const { evalInvoice } = await shop.order();
    await spendAndDie(evalInvoice.paymentHash);
    const both = { sentUnbookedMsat: 10_000n, settledUnbookedMsat: 10_000n, reservedMsat: 0n };
    expect(await prove()).toMatchObject({ ok: true, terms: both });
    await shop.services.tasks["book-dev-pay"]({ paymentHash: evalInvoice.paymentHash });
    expect(await prove()).toMatchObject({ ok: true, terms: { ...both, sentUnbookedMsat: 0n } });
  });

  test("what the wallet holds back for the dev route", async () => {
    const { evalInvoice } = await shop.order();
    shop.wallet.next("pay", { kind: "pending" });
    await spendAndDie(evalInvoice.paymentHash);
    expect(await prove()).toMatchObject({ ok: true, terms: { sentUnbookedMsat: 0n, reservedMsat: 10_000n } });
  });

  test.each([1n, -1n])("nothing for %s msat that came from nowhere", async (msat) => {
    await moveWallet(msat);
    expect(await prove()).toMatchObject({ ok: false, terms: { ledgerMsat: OPENING * 1000n } });
  });

  test("no figure at all while the wallet does not answer every question", async () => {
    await refunding();
    shop.wallet.next("pay", { kind: "timesOutAfter" });
    await shop.work();
    for (const call of ["lookUpInvoices", "lookUpPayment", "balance"] as const) {
      shop.wallet.next(call, { kind: "timesOutBefore" });
      expect(await books().prove()).toMatchObject({ ok: false, error: { code: "walletDown" } });
    }
    expect(await prove()).toMatchObject({ ok: true });
  });

  async function refunding() {
    const job = await shop.owedJob();
    const { paymentRequest } = shop.outsideInvoice(10);
    unwrap(await shop.services.jobs.refund(job.jobId, job.refundToken, { invoice: paymentRequest }));
  }
});

describe("what the operator moved", () => {
  test("is booked with its reason", async () => {
    await moveWallet(250_000n);
    await books().deposit(sats(250n), "float for routing fees");
    expect(await prove()).toMatchObject({ ok: true });
    await moveWallet(-50_000n);
    expect(await books().withdraw(sats(50n), "profit")).toMatchObject({ ok: true });
    expect(await prove()).toMatchObject({ ok: true });
    expect(await balanceOf("operator")).toBe(200_000n);
    const moves = await shop.db.prisma.ledgerTransfer.findMany({ where: { eventKey: { startsWith: "operator:" } } });
    expect(moves.map(({ memo }) => memo)).toEqual(["float for routing fees", "profit"]);
  });

  test("is at most what is not owed, not held and not in flight", async () => {
    await shop.owedJob();
    const held = await shop.order();
    await shop.pay(held.evalInvoice.paymentHash);
    const refused = await books().withdraw(sats(OPENING + 1n), "too much");
    expect(refused).toEqual({ ok: false, error: { code: "notFree", freeSats: OPENING } });
    expect(await books().withdraw(sats(OPENING), "all that is ours")).toMatchObject({ ok: true });
    expect(await books().withdraw(sats(1n), "one more")).toMatchObject({ error: { freeSats: 0n } });
  });

  test("twice at once is at most what is free", async () => {
    const results = await Promise.all(
      Array.from({ length: 8 }, () => books().withdraw(sats(OPENING / 4n), "a quarter")),
    );
    expect(results.filter((result) => result.ok)).toHaveLength(4);
    expect(await balanceOf("operator")).toBe(-OPENING * 1000n);
  });
});

describe("books that are proven wrong", () => {
  const readings = async (...secondsAgo: number[]) => {
    for (const seconds of secondsAgo) {
      await books().takeReading();
      const newest = await shop.db.prisma.booksReading.findFirst({ orderBy: { id: "desc" } });
      await shop.db.prisma.booksReading.update({
        where: { id: newest?.id ?? 0n },
        data: { takenAt: new Date(Date.now() - seconds * 1000) },
      });
    }
  };

  test("hold payouts back, and let them go once they are right again; nothing is lost", async () => {
    const job = await shop.owedJob();
    await moveWallet(-1_000n);
    await readings(40, 20, 5);
    expect(await books().areProvenWrong()).toBe(true);
    const { paymentRequest } = shop.outsideInvoice(10);
    unwrap(await shop.services.jobs.refund(job.jobId, job.refundToken, { invoice: paymentRequest }));
    await shop.work();
    expect(shop.wallet.calls.filter(({ call }) => call === "pay")).toEqual([]);
    const held = unwrap(await shop.services.jobs.view(job.jobId));
    expect(held).toMatchObject({ owedSats: 10, payout: { state: "pending" } });

    await moveWallet(1_000n);
    await readings(0);
    expect(await books().areProvenWrong()).toBe(false);
    await dueNow();
    await shop.work();
    expect(unwrap(await shop.services.jobs.view(job.jobId))).toMatchObject({ owedSats: 0, payout: { state: "paid" } });
    expect(await prove()).toMatchObject({ ok: true });
  });

  test("are announced, and a reading that the wallet refuses is no reading", async () => {
    await moveWallet(-1_000n);
    await readings(40, 20);
    shop.wallet.down();
    expect(await books().takeReading()).toBeNull();
    shop.wallet.up();
    expect(await books().areProvenWrong()).toBe(false);
    expect(await books().takeReading()).toEqual({ ok: false, provenWrong: true });
  });
});

const dueNow = () => shop.db.pool.query("UPDATE graphile_worker._private_jobs SET run_at = now()");

/** The dev route pays from our own wallet, and the process dies before it has booked that. */
async function spendAndDie(paymentHash: string): Promise<void> {
  const { db, clock } = shop.outside;
  const { pay } = devPayService({
    ...{ db, clock, enqueue, wallet: shop.wallet, invoices: shop.services.invoices },
    payer: {
      async pay(invoice) {
        await ownWalletPayer(shop.wallet).pay(invoice);
        throw new Error("the process died");
      },
    },
  });
  await expect(pay?.(paymentHash)).rejects.toThrow("the process died");
}

function serviceParts() {
  const { db, clock } = shop.outside;
  const { invoices, payouts, devPay } = shop.services;
  return { db, clock, invoices, payouts, devPay };
}
