import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { enqueue } from "~/db/queue";
import type { DevPayer, LightningWallet } from "~/ports/lightning-wallet";
import { ownWalletPayer } from "~/testing/own-wallet-payer";
import { type TroubledWorkshop, troubledWorkshop } from "~/testing/troubled-workshop";
import { unwrap } from "~/testing/unwrap";
import { devPayService } from "./dev-pay-service";

let shop: TroubledWorkshop;
beforeAll(async () => {
  shop = await troubledWorkshop();
});
afterAll(() => shop.close());

const NOT_PAYABLE = { ok: false, error: { code: "invoiceNotPayable" } };

function service(payer: DevPayer = ownWalletPayer(shop.wallet), wallet: LightningWallet = shop.wallet) {
  const { db, clock } = shop.outside;
  const { pay, tasks, open } = devPayService({ db, clock, enqueue, payer, wallet, invoices: shop.services.invoices });
  if (!pay) throw new Error("there is a payer");
  return { pay, open, book: (paymentHash: string) => tasks["book-dev-pay"]({ paymentHash }) };
}
/** The wallet pays, and nobody hears of it. */
const dying = (): DevPayer => ({
  async pay(invoice) {
    await ownWalletPayer(shop.wallet).pay(invoice);
    throw new Error("the process died");
  },
});
const stateOf = async (jobId: string) => unwrap(await shop.services.jobs.view(jobId)).state;
const spent = (hash: string) => shop.db.prisma.ledgerTransfer.count({ where: { eventKey: `dev-pay:${hash}` } });
const isOpen = async (hash: string) => (await service().open(100)).some(({ paymentHash }) => paymentHash === hash);
const waiting = async (hash: string) => {
  const { rows } = await shop.db.pool.query("SELECT run_at FROM graphile_worker.jobs WHERE key = $1", [
    `dev-pay:${hash}`,
  ]);
  return rows.length;
};
const taken = (hash: string) =>
  shop.db.pool.query("DELETE FROM graphile_worker._private_jobs WHERE key = $1", [`dev-pay:${hash}`]);
const theBooksBalance = async () => expect(unwrap(await shop.services.books.prove())).toMatchObject({ ok: true });

describe("the dev route", () => {
  test("pays an open invoice of ours, and it is noticed at once", async () => {
    const { jobId, evalInvoice } = await shop.order();
    const paid = await shop.services.devPay.pay?.(evalInvoice.paymentHash);
    expect(paid).toMatchObject({ ok: true, value: { preimage: expect.stringMatching(/^[0-9a-f]{64}$/) } });
    expect(await stateOf(jobId)).toBe("evaluating");
    expect(await spent(evalInvoice.paymentHash)).toBe(0);
    await theBooksBalance();
    // Somebody else's wallet paid it: nothing of ours is looked for any more.
    await service().book(evalInvoice.paymentHash);
    expect(await isOpen(evalInvoice.paymentHash)).toBe(false);
  });

  test.each(["unknown", "settled", "expired"])("pays nothing that is %s", async (what) => {
    const { evalInvoice } = await shop.order();
    if (what === "settled") await shop.pay(evalInvoice.paymentHash);
    if (what === "expired") {
      shop.clock.advance(shop.settings.invoiceExpirySeconds * 1000);
      unwrap(await shop.services.invoices.lookUp(evalInvoice.paymentHash));
    }
    const hash = what === "unknown" ? "ab".repeat(32) : evalInvoice.paymentHash;
    expect(await service().pay(hash)).toEqual(NOT_PAYABLE);
    expect([await spent(hash), await isOpen(hash), await waiting(hash)]).toEqual([0, false, 0]);
  });

  test("books what our own wallet spent, once, however often it is looked at", async () => {
    const { jobId, evalInvoice } = await shop.order();
    const hash = evalInvoice.paymentHash;
    const devPay = service();
    expect(await devPay.pay(hash)).toMatchObject({ ok: true });
    await Promise.all(Array.from({ length: 4 }, () => devPay.book(hash)));
    expect(await spent(hash)).toBe(1);
    expect(await isOpen(hash)).toBe(false);
    expect(await stateOf(jobId)).toBe("evaluating");
    await theBooksBalance();
  });

  test("spends once when it is asked five times at once", async () => {
    const { evalInvoice } = await shop.order();
    const hash = evalInvoice.paymentHash;
    const answers = await Promise.all(Array.from({ length: 5 }, () => service().pay(hash)));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    await service().book(hash);
    expect([await spent(hash), await isOpen(hash)]).toEqual([1, false]);
    await theBooksBalance();
  });

  test("books it later when the process died between paying and booking", async () => {
    const { evalInvoice } = await shop.order();
    const hash = evalInvoice.paymentHash;
    await expect(service(dying()).pay(hash)).rejects.toThrow("the process died");
    expect([await spent(hash), await isOpen(hash), await waiting(hash)]).toEqual([0, true, 1]);
    await theBooksBalance();
    await service().book(hash);
    await theBooksBalance();
    unwrap(await shop.services.invoices.lookUp(hash));
    expect([await spent(hash), await isOpen(hash)]).toEqual([1, false]);
    await theBooksBalance();
  });

  test("takes nothing that is booked for unbooked when it is asked again before the payment is noticed", async () => {
    const { evalInvoice } = await shop.order();
    const hash = evalInvoice.paymentHash;
    await expect(service(dying()).pay(hash)).rejects.toThrow("the process died");
    await service().book(hash);
    expect(await service().pay(hash)).toEqual(NOT_PAYABLE);
    expect(await isOpen(hash)).toBe(false);
    await theBooksBalance();
    unwrap(await shop.services.invoices.lookUp(hash));
  });

  test("asks again while the wallet does not answer, or the invoice may still be paid, and then no more", async () => {
    const { evalInvoice } = await shop.order();
    const hash = evalInvoice.paymentHash;
    shop.wallet.next("pay", { kind: "fails" });
    expect(await service().pay(hash)).toEqual(NOT_PAYABLE);
    const bookAgain = async () => {
      await taken(hash);
      await service().book(hash);
      return [await isOpen(hash), await waiting(hash)];
    };
    expect(await bookAgain()).toEqual([true, 1]);
    shop.wallet.next("lookUpPayment", { kind: "timesOutBefore" });
    expect(await bookAgain()).toEqual([true, 1]);
    shop.clock.advance(shop.settings.invoiceExpirySeconds * 1000);
    unwrap(await shop.services.invoices.lookUp(hash));
    // It is over, and a request from before may still be on its way.
    expect(await bookAgain()).toEqual([true, 1]);
    shop.clock.advance(60_000);
    shop.wallet.next("lookUpPayment", { kind: "timesOutBefore" });
    expect(await bookAgain()).toEqual([true, 1]);
    expect(await bookAgain()).toEqual([false, 0]);
    expect(await spent(hash)).toBe(0);
  });

  test("waits for a payment under way, however long after the invoice it ends", async () => {
    const { evalInvoice } = await shop.order();
    const hash = evalInvoice.paymentHash;
    shop.wallet.next("pay", { kind: "pending" });
    expect(await service().pay(hash)).toMatchObject({ error: { code: "walletDown" } });
    await theBooksBalance();
    await taken(hash);
    await service().book(hash);
    expect([await isOpen(hash), await waiting(hash)]).toEqual([true, 1]);
    await shop.wallet.letGo(hash, "goesOut");
    await theBooksBalance();
    await service().book(hash);
    expect([await spent(hash), await isOpen(hash)]).toEqual([1, false]);
    unwrap(await shop.services.invoices.lookUp(hash));
    await theBooksBalance();
  });

  test("'not paid' is no last word when the invoice was open while the wallet was asked", async () => {
    const { evalInvoice } = await shop.order();
    const hash = evalInvoice.paymentHash;
    // After the wallet's answer, and before it is acted on, our own wallet pays and the payment is noticed.
    const slow: LightningWallet = {
      ...shop.wallet,
      async lookUpPayment(asked) {
        const answer = await shop.wallet.lookUpPayment(asked);
        await expect(service(dying()).pay(hash)).rejects.toThrow("the process died");
        unwrap(await shop.services.invoices.lookUp(hash));
        return answer;
      },
    };
    await service(undefined, slow).book(hash);
    expect([await spent(hash), await isOpen(hash), await waiting(hash)]).toEqual([0, true, 1]);
    await theBooksBalance();
    await service().book(hash);
    expect([await spent(hash), await isOpen(hash)]).toEqual([1, false]);
    await theBooksBalance();
  });

  test("what it has spent is booked also after it was switched off", async () => {
    const { evalInvoice } = await shop.order();
    const hash = evalInvoice.paymentHash;
    await expect(service(dying()).pay(hash)).rejects.toThrow("the process died");
    const { db, clock } = shop.outside;
    const { invoices } = shop.services;
    const off = devPayService({ db, clock, enqueue, payer: null, wallet: shop.wallet, invoices });
    expect(off.pay).toBeNull();
    await off.tasks["book-dev-pay"]({ paymentHash: hash });
    unwrap(await invoices.lookUp(hash));
    expect([await spent(hash), await isOpen(hash)]).toEqual([1, false]);
    await theBooksBalance();
  });
});
