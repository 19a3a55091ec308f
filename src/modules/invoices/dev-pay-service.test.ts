import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { msat } from "~/core/money";
import { ok } from "~/core/result";
import { enqueue } from "~/db/queue";
import type { DevPayer } from "~/ports/lightning-wallet";
import { type TroubledWorkshop, troubledWorkshop } from "~/testing/troubled-workshop";
import { unwrap } from "~/testing/unwrap";
import { devPayService } from "./dev-pay-service";

let shop: TroubledWorkshop;
beforeAll(async () => {
  shop = await troubledWorkshop();
});
afterAll(() => shop.close());

/** Where the only wallet at hand is our own: it pays its own invoice. */
const fromOurOwn: DevPayer = {
  async pay({ paymentHash, paymentRequest }) {
    const paid = await shop.wallet.pay({ paymentHash, paymentRequest, reference: "dev" });
    if (paid.outcome !== "paid") throw new Error(`the wallet ${paid.outcome}`);
    return ok({ preimage: "00".repeat(32), fromOwnWallet: true, feeMsat: msat(0n) });
  },
};
const service = (payer: DevPayer) => {
  const { db, clock } = shop.outside;
  return devPayService({ db, clock, enqueue, payer, wallet: shop.wallet, invoices: shop.services.invoices });
};
const stateOf = async (jobId: string) => unwrap(await shop.services.jobs.view(jobId)).state;
const spent = (hash: string) => shop.db.prisma.ledgerTransfer.count({ where: { eventKey: `dev-pay:${hash}` } });
const theBooksBalance = async () => expect(unwrap(await shop.services.books.prove())).toMatchObject({ ok: true });

describe("the dev route", () => {
  test("pays an open invoice of ours, and it is noticed at once", async () => {
    const { jobId, evalInvoice } = await shop.order();
    const paid = await shop.services.devPay?.pay(evalInvoice.paymentHash);
    expect(paid).toMatchObject({ ok: true, value: { preimage: expect.stringMatching(/^[0-9a-f]{64}$/) } });
    expect(await stateOf(jobId)).toBe("evaluating");
    expect(await spent(evalInvoice.paymentHash)).toBe(0);
    await theBooksBalance();
  });

  test.each(["unknown", "settled"])("pays nothing that is %s", async (what) => {
    const { evalInvoice } = await shop.order();
    if (what === "settled") await shop.pay(evalInvoice.paymentHash);
    const hash = what === "settled" ? evalInvoice.paymentHash : "ab".repeat(32);
    expect(await service(fromOurOwn).pay(hash)).toEqual({ ok: false, error: { code: "invoiceNotPayable" } });
    expect(await spent(hash)).toBe(0);
  });

  test("books what our own wallet spent, once, however often it is looked at", async () => {
    const { jobId, evalInvoice } = await shop.order();
    const hash = evalInvoice.paymentHash;
    const devPay = service(fromOurOwn);
    expect(await devPay.pay(hash)).toMatchObject({ ok: true });
    await Promise.all(Array.from({ length: 4 }, () => devPay.tasks["book-dev-pay"]({ paymentHash: hash })));
    expect(await spent(hash)).toBe(1);
    expect(await stateOf(jobId)).toBe("evaluating");
    await theBooksBalance();
  });

  test("books it later when the process died between paying and booking", async () => {
    const { evalInvoice } = await shop.order();
    const hash = evalInvoice.paymentHash;
    const devPay = service({
      async pay(invoice) {
        await fromOurOwn.pay(invoice);
        throw new Error("the process died");
      },
    });
    await expect(devPay.pay(hash)).rejects.toThrow("the process died");
    expect(await spent(hash)).toBe(0);
    const { rows } = await shop.db.pool.query(
      "SELECT payload FROM graphile_worker.jobs j JOIN graphile_worker._private_jobs p USING (id) WHERE j.key = $1",
      [`dev-pay:${hash}`],
    );
    expect(rows).toHaveLength(1);
    await devPay.tasks["book-dev-pay"](rows[0].payload);
    unwrap(await shop.services.invoices.lookUp(hash));
    expect(await spent(hash)).toBe(1);
    await theBooksBalance();
  });

  test("books nothing that the wallet did not pay, and asks again while it does not answer", async () => {
    const { evalInvoice } = await shop.order();
    const hash = evalInvoice.paymentHash;
    const devPay = service(fromOurOwn);
    await devPay.tasks["book-dev-pay"]({ paymentHash: hash });
    expect(await spent(hash)).toBe(0);
    shop.wallet.next("lookUpPayment", { kind: "timesOutBefore" });
    await devPay.tasks["book-dev-pay"]({ paymentHash: hash });
    const waiting = await shop.db.pool.query("SELECT 1 FROM graphile_worker.jobs WHERE key = $1", [`dev-pay:${hash}`]);
    expect(waiting.rowCount).toBe(1);
  });
});
