import { z } from "zod";
import { err, ok, type Result } from "~/core/result";
import type { Database, Tx } from "~/db/client";
import type { Enqueue } from "~/db/queue";
import { devPaySpent } from "~/modules/ledger/ledger";
import { isPosted, post } from "~/modules/ledger/ledger-service";
import type { Clock } from "~/ports/clock";
import type { DevPayer, LightningWallet, WalletFailure } from "~/ports/lightning-wallet";
import { growingPauseMs, type Invoice, isPastPaying } from "./invoice";
import type { InvoiceService } from "./invoice-service";
import { closeDevPay, openDevPay, openDevPays } from "./invoice-store";

const BOOK_TASK = "book-dev-pay";
const LATER_MS = 5_000;
const Payload = z.object({ paymentHash: z.string() });

export type DevPayError = WalletFailure | { code: "invoiceNotPayable" };

/**
 * Pays an invoice of ours for a developer without a wallet. Where our own wallet has to pay, the sats it spends are
 * booked as spent; the intention is written down first, so that a crash between paying and booking loses nothing, and
 * the proof of the books knows where to look meanwhile. Without a payer what was paid before is still booked.
 */
export function devPayService(deps: {
  db: Database;
  wallet: LightningWallet;
  clock: Clock;
  enqueue: Enqueue;
  invoices: InvoiceService;
  payer: DevPayer | null;
}) {
  const { db, wallet, clock, enqueue, invoices, payer } = deps;

  const payBy = (by: DevPayer) =>
    async function pay(paymentHash: string): Promise<Result<{ preimage: string }, DevPayError>> {
      const invoice = await bookLater(paymentHash);
      if (!invoice) return err({ code: "invoiceNotPayable" });
      const paid = await by.pay(invoice);
      if (!paid.ok) return paid;
      if (paid.value.fromOwnWallet) await book(paymentHash);
      // Noticed at once even where the wallet's announcements are not followed.
      await invoices.lookUp(paymentHash);
      return ok({ preimage: paid.value.preimage });
    };

  /** Writes down that our wallet may pay the invoice now; null where there is nothing to pay. */
  const bookLater = (paymentHash: string): Promise<Invoice | null> =>
    db.inTx(async (tx) => {
      const invoice = await invoices.lock(tx, paymentHash);
      if (invoice?.state !== "open") return null;
      // Paid by us before, only not noticed yet. Opened again, what is booked would be taken for unbooked.
      if (await isPosted(tx, keyOf(paymentHash))) return null;
      await openDevPay(tx, paymentHash);
      await later(tx, paymentHash, LATER_MS);
      return invoice;
    });

  const later = (tx: Tx, paymentHash: string, ms: number) =>
    enqueue(
      tx,
      BOOK_TASK,
      { paymentHash },
      { jobKey: `dev-pay:${paymentHash}`, runAt: new Date(clock.now().getTime() + ms) },
    );

  /** Books what our own wallet paid for the invoice, once, if it did. Asks again as long as it still may. */
  async function book(paymentHash: string): Promise<void> {
    // Read before the wallet is asked: only of an invoice that was over by then "not paid" is the last word.
    const invoice = await invoices.find(paymentHash);
    if (!invoice) return;
    const now = clock.now();
    const again = () => later(db.prisma, paymentHash, growingPauseMs(invoice, now));
    const status = await wallet.lookUpPayment(paymentHash);
    if (!status.ok) return again();
    switch (status.value.state) {
      case "paid":
        return close(invoice, devPaySpent(invoice.amountSats, status.value.feeMsat));
      case "pending":
        return again();
      case "failed":
      case "notFound":
        return isPastPaying(invoice, now) ? close(invoice, []) : again();
    }
  }

  const close = ({ paymentHash }: Invoice, lines: ReturnType<typeof devPaySpent>): Promise<void> =>
    db.inTx(async (tx) => {
      await invoices.lock(tx, paymentHash);
      const key = keyOf(paymentHash);
      if (lines.length > 0 && !(await isPosted(tx, key))) await post(tx, { key, lines });
      await closeDevPay(tx, paymentHash);
    });

  return {
    /** Null where there is no payer. */
    pay: payer && payBy(payer),
    /** Invoices that our own wallet may have paid, the outcome not booked yet. */
    open: (limit: number) => openDevPays(db, limit),
    tasks: { [BOOK_TASK]: (payload: unknown) => book(Payload.parse(payload).paymentHash) },
  };
}
export type DevPayService = ReturnType<typeof devPayService>;

const keyOf = (paymentHash: string) => `dev-pay:${paymentHash}`;
