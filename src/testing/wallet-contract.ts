import { createHash, randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { decodeInvoice } from "~/adapters/bolt11/decode-invoice";
import { type Msat, msat, sats, toMsat } from "~/core/money";
import type { Result } from "~/core/result";
import type { CreatedInvoice, DevPayer, LightningWallet, PaymentHash } from "~/ports/lightning-wallet";

type OutsideInvoice = { paymentHash: PaymentHash; paymentRequest: string };

/** A wallet, and the world around it: other people who pay and are paid, and time. */
export type WalletUnderTest = {
  wallet: LightningWallet;
  devPayer: DevPayer;
  /** Pays an invoice of the wallet's, as a visitor would. */
  payFromOutside(invoice: OutsideInvoice): Promise<void>;
  /** An invoice of somebody else's, which the wallet can reach. */
  outsideInvoice(amountMsat: Msat, options?: { expirySeconds?: number }): Promise<OutsideInvoice>;
  /** An invoice of somebody else's that somebody else has paid; null where the wallet could not know. */
  outsideInvoicePaidByAnother(amountMsat: Msat): Promise<OutsideInvoice | null>;
  /** A genuine invoice of another chain. */
  foreignInvoice(amountMsat: Msat): OutsideInvoice;
  /** Comes back when an invoice that expires then has expired. */
  passExpiry(expiresAt: Date): Promise<void>;
  stop?(): Promise<void>;
};

const PATIENCE = { timeout: 15_000, interval: 50 };
const UNKNOWN_HASH = "00".repeat(32);

/** What the rest of the house relies on, whichever wallet is behind the port. */
export function describeWalletContract(name: string, start: () => Promise<WalletUnderTest>): void {
  describe(`the wallet contract: ${name}`, () => {
    let world: WalletUnderTest;
    let wallet: LightningWallet;
    beforeAll(async () => {
      world = await start();
      wallet = world.wallet;
    }, 60_000);
    afterAll(async () => world?.stop?.());

    const create = async (amountSats = 21n, expirySeconds = 600): Promise<CreatedInvoice> =>
      must(
        await wallet.createInvoice({
          amountSats: sats(amountSats),
          memo: "Timmy: to judge your request",
          expirySeconds,
          reference: randomUUID(),
        }),
      );
    const balance = async () => must(await wallet.balance());
    const fund = async (amountSats: bigint) => world.payFromOutside(await create(amountSats));
    const pay = (invoice: OutsideInvoice) => wallet.pay({ ...invoice, reference: randomUUID() });

    describe("taking payments", () => {
      test("an invoice is genuine BOLT11 for what was asked, and nothing but the payer's side of it comes out", async () => {
        const before = Date.now();
        const created = await create(1234n, 900);
        const read = decodeInvoice(created.paymentRequest);
        expect(read).toMatchObject({
          ok: true,
          value: {
            paymentHash: created.paymentHash,
            amountMsat: 1_234_000n,
            description: "Timmy: to judge your request",
            expiresAt: created.expiresAt,
          },
        });
        const lifeMs = created.expiresAt.getTime() - before;
        expect(lifeMs).toBeGreaterThan(880_000);
        expect(lifeMs).toBeLessThan(960_000);
        expect(Object.keys(created).sort()).toEqual(["expiresAt", "paymentHash", "paymentRequest"]);
      });

      test("two invoices of one moment have different hashes", async () => {
        const [one, other] = await Promise.all([create(), create()]);
        expect(one.paymentHash).not.toBe(other.paymentHash);
      });

      test("is open until it is paid, then settled with what was credited", async () => {
        const invoice = await create(777n);
        expect(await wallet.lookUpInvoice(invoice.paymentHash)).toEqual({ ok: true, value: { state: "open" } });
        const before = await balance();
        await world.payFromOutside(invoice);
        const settled = { ok: true, value: { state: "settled", creditedMsat: 777_000n } };
        expect(await wallet.lookUpInvoice(invoice.paymentHash)).toEqual(settled);
        expect(await wallet.lookUpInvoice(invoice.paymentHash)).toEqual(settled);
        expect((await balance()) - before).toBe(777_000n);
      });

      test("a hash that is not ours is unknown", async () => {
        expect(await wallet.lookUpInvoice(UNKNOWN_HASH)).toEqual({ ok: true, value: { state: "unknown" } });
        const outside = await world.outsideInvoice(msat(5000n));
        expect(await wallet.lookUpInvoice(outside.paymentHash)).toEqual({ ok: true, value: { state: "unknown" } });
      });

      test("is called expired after the expiry and not before", async () => {
        const invoice = await create(5n, 2);
        expect(await wallet.lookUpInvoice(invoice.paymentHash)).toEqual({ ok: true, value: { state: "open" } });
        await world.passExpiry(invoice.expiresAt);
        await vi.waitFor(async () => {
          const found = await wallet.lookUpInvoice(invoice.paymentHash);
          expect(found).toEqual({ ok: true, value: { state: "expired" } });
        }, PATIENCE);
      });

      test("one list look-up tells of many, and agrees with the single ones", async () => {
        const invoices = await Promise.all(Array.from({ length: 12 }, () => create(3n)));
        const paid = invoices.slice(0, 3);
        for (const invoice of paid) await world.payFromOutside(invoice);
        const asked = [...invoices.map(({ paymentHash }) => paymentHash), UNKNOWN_HASH];
        const found = must(
          await wallet.lookUpInvoices(asked.map((paymentHash) => ({ paymentHash, createdAt: new Date() }))),
        );
        for (const [index, { paymentHash }] of invoices.entries()) {
          const expected = index < paid.length ? { state: "settled", creditedMsat: 3000n } : { state: "open" };
          expect(found.get(paymentHash)).toEqual(expected);
        }
        expect([undefined, "unknown"]).toContain(found.get(UNKNOWN_HASH)?.state);
        expect(must(await wallet.lookUpInvoices([])).size).toBe(0);
      });

      test("a list look-up after the expiry never says open", async () => {
        const invoice = await create(5n, 2);
        await world.passExpiry(invoice.expiresAt);
        await vi.waitFor(async () => {
          const found = must(
            await wallet.lookUpInvoices([{ paymentHash: invoice.paymentHash, createdAt: new Date() }]),
          );
          expect([undefined, "expired"]).toContain(found.get(invoice.paymentHash)?.state);
        }, PATIENCE);
      });

      test("followers hear of a settlement until they stop", async () => {
        const heard: PaymentHash[] = [];
        const feed = wallet.followSettlements((hash) => heard.push(hash));
        try {
          await vi.waitFor(() => expect(feed.healthy()).toBe(true), PATIENCE);
          const invoice = await create();
          await world.payFromOutside(invoice);
          await vi.waitFor(() => expect(heard).toContain(invoice.paymentHash), PATIENCE);
        } finally {
          await feed.stop();
        }
        expect(feed.healthy()).toBe(false);
        const later = await create();
        await world.payFromOutside(later);
        expect(must(await wallet.lookUpInvoice(later.paymentHash)).state).toBe("settled");
        expect(heard).not.toContain(later.paymentHash);
      });
    });

    describe("paying", () => {
      test("pays an invoice and knows of it afterwards", async () => {
        await fund(5000n);
        const invoice = await world.outsideInvoice(toMsat(sats(100n)));
        const before = await balance();
        expect(must(await wallet.lookUpPayment(invoice.paymentHash))).toEqual({ state: "notFound" });
        const outcome = await pay(invoice);
        expect(outcome).toMatchObject({ outcome: "paid" });
        const feeMsat = outcome.outcome === "paid" ? outcome.feeMsat : msat(0n);
        expect(must(await wallet.lookUpPayment(invoice.paymentHash))).toEqual({ state: "paid", feeMsat });
        expect(before - (await balance())).toBe(100_000n + feeMsat);
      });

      test("too small a balance sends nothing, and the same invoice can be paid when there is more", async () => {
        const held = await balance();
        const invoice = await world.outsideInvoice(msat(((held / 1000n) * 2n + 10n) * 1000n));
        expect(await pay(invoice)).toMatchObject({ outcome: "notSent" });
        expect(must(await wallet.lookUpPayment(invoice.paymentHash))).toEqual({ state: "notFound" });
        expect(await balance()).toBe(held);
        await fund((held / 1000n) * 3n + 100n);
        expect(await pay(invoice)).toMatchObject({ outcome: "paid" });
      });

      test("an invoice is paid once, however often it is asked at once", async () => {
        await fund(1000n);
        const invoice = await world.outsideInvoice(msat(50_000n));
        const before = await balance();
        const outcomes = await Promise.all([pay(invoice), pay(invoice), pay(invoice)]);
        expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(["paid", "unknown", "unknown"]);
        // Neither "failed" nor "notSent": either would send the money back to the payer a second time.
        expect(await pay(invoice)).toMatchObject({ outcome: "unknown" });
        expect(must(await wallet.lookUpPayment(invoice.paymentHash))).toMatchObject({ state: "paid" });
        expect(before - (await balance())).toBeLessThan(100_000n);
      });

      test("payments at once never spend more than there is", async () => {
        await fund(100n);
        const held = await balance();
        const amountMsat = msat((held / 3000n) * 1000n);
        const invoices = await Promise.all(Array.from({ length: 8 }, () => world.outsideInvoice(amountMsat)));
        const outcomes = await Promise.all(invoices.map(pay));
        const paid = outcomes.filter(({ outcome }) => outcome === "paid");
        expect(outcomes.filter(({ outcome }) => outcome === "notSent")).toHaveLength(8 - paid.length);
        expect(paid.length).toBeGreaterThan(0);
        expect(paid.length).toBeLessThanOrEqual(3);
        const fees = outcomes.reduce((sum, outcome) => sum + (outcome.outcome === "paid" ? outcome.feeMsat : 0n), 0n);
        expect(held - (await balance())).toBe(BigInt(paid.length) * amountMsat + fees);
      });

      test.each([
        ["an expired invoice", () => expiredInvoice(world)],
        ["an invoice of another chain", async () => world.foreignInvoice(msat(2000n))],
        ["something else", async () => ({ paymentHash: UNKNOWN_HASH, paymentRequest: "lnbcrt1notaninvoice" })],
      ])("%s is a definite failure", async (_, make) => {
        await fund(100n);
        const invoice = await make();
        const before = await balance();
        expect(await pay(invoice)).toMatchObject({ outcome: "failed" });
        expect(["notFound", "failed"]).toContain(must(await wallet.lookUpPayment(invoice.paymentHash)).state);
        expect(await balance()).toBe(before);
      });

      test("an invoice that another has paid costs us nothing", async () => {
        const invoice = await world.outsideInvoicePaidByAnother(msat(2000n));
        if (!invoice) return;
        await fund(100n);
        const before = await balance();
        expect(["failed", "unknown"]).toContain((await pay(invoice)).outcome);
        expect(["notFound", "failed"]).toContain(must(await wallet.lookUpPayment(invoice.paymentHash)).state);
        expect(await balance()).toBe(before);
      });

      test("paying its own invoice settles it and moves nothing", async () => {
        await fund(500n);
        const invoice = await create(50n);
        const before = await balance();
        expect(await pay(invoice)).toEqual({ outcome: "paid", feeMsat: 0n });
        expect(must(await wallet.lookUpInvoice(invoice.paymentHash))).toEqual({
          state: "settled",
          creditedMsat: 50_000n,
        });
        expect(must(await wallet.lookUpPayment(invoice.paymentHash))).toEqual({ state: "paid", feeMsat: 0n });
        expect(await balance()).toBe(before);
      });

      test("an invoice of ours that came in is no payment of ours", async () => {
        const invoice = await create(50n);
        await world.payFromOutside(invoice);
        expect(must(await wallet.lookUpPayment(invoice.paymentHash))).toEqual({ state: "notFound" });
      });
    });

    describe("the developer's payer", () => {
      test("pays an open invoice once and hands over the preimage", async () => {
        const invoice = await create(33n);
        const paid = must(await world.devPayer.pay(invoice));
        expect(createHash("sha256").update(Buffer.from(paid.preimage, "hex")).digest("hex")).toBe(invoice.paymentHash);
        expect(must(await wallet.lookUpInvoice(invoice.paymentHash))).toEqual({
          state: "settled",
          creditedMsat: 33_000n,
        });
        expect(await world.devPayer.pay(invoice)).toEqual({ ok: false, error: { code: "invoiceNotPayable" } });
      });

      test("does not pay what has expired", async () => {
        const invoice = await create(5n, 2);
        await world.passExpiry(invoice.expiresAt);
        await vi.waitFor(async () => {
          expect(must(await wallet.lookUpInvoice(invoice.paymentHash)).state).toBe("expired");
        }, PATIENCE);
        expect(await world.devPayer.pay(invoice)).toEqual({ ok: false, error: { code: "invoiceNotPayable" } });
      });
    });
  });
}

async function expiredInvoice(world: WalletUnderTest): Promise<OutsideInvoice> {
  const invoice = await world.outsideInvoice(msat(2000n), { expirySeconds: 1 });
  const read = decodeInvoice(invoice.paymentRequest);
  if (!read.ok) throw new Error("the harness made no invoice");
  await world.passExpiry(read.value.expiresAt);
  return invoice;
}

/** The value, or a test that fails with the error. */
function must<T, E>(result: Result<T, E>): T {
  if (!result.ok) throw new Error(`unexpected: ${JSON.stringify(result.error)}`);
  return result.value;
}
