import { z } from "zod";
import { err, ok, type Result } from "~/core/result";
import type { Database } from "~/db/client";
import type { Enqueue } from "~/db/queue";
import { devPaySpent } from "~/modules/ledger/ledger";
import { isPosted, post } from "~/modules/ledger/ledger-service";
import type { Clock } from "~/ports/clock";
import type { DevPayer, LightningWallet, WalletFailure } from "~/ports/lightning-wallet";
import type { InvoiceService } from "./invoice-service";

const BOOK_TASK = "book-dev-pay";
const LATER_MS = 5_000;
const Payload = z.object({ paymentHash: z.string() });

export type DevPayError = WalletFailure | { code: "invoiceNotPayable" };

/**
 * Pays an invoice of ours for a developer without a wallet. Where our own wallet has to pay, the sats it spends are
 * booked as spent; the intention is written down first, so that a crash between paying and booking loses nothing.
 */
export function devPayService(deps: {
  db: Database;
  wallet: LightningWallet;
  clock: Clock;
  enqueue: Enqueue;
  invoices: InvoiceService;
  payer: DevPayer;
}) {
  const { db, wallet, clock, enqueue, invoices, payer } = deps;

  async function pay(paymentHash: string): Promise<Result<{ preimage: string }, DevPayError>> {
    const invoice = await invoices.find(paymentHash);
    if (!invoice || invoice.state === "settled") return err({ code: "invoiceNotPayable" });
    await bookLater(paymentHash);
    const paid = await payer.pay(invoice);
    if (!paid.ok) return paid;
    if (paid.value.fromOwnWallet) await book(paymentHash);
    // Noticed at once also where no announcement of the wallet is followed.
    await invoices.lookUp(paymentHash);
    return ok({ preimage: paid.value.preimage });
  }

  const bookLater = (paymentHash: string) =>
    enqueue(
      db.prisma,
      BOOK_TASK,
      { paymentHash },
      {
        jobKey: `dev-pay:${paymentHash}`,
        runAt: new Date(clock.now().getTime() + LATER_MS),
      },
    );

  /** Books what our own wallet paid for the invoice, once, if it did. */
  async function book(paymentHash: string): Promise<void> {
    const status = await wallet.lookUpPayment(paymentHash);
    if (!status.ok || status.value.state === "pending") return bookLater(paymentHash);
    if (status.value.state !== "paid") return;
    const { feeMsat } = status.value;
    await db.inTx(async (tx) => {
      const invoice = await invoices.lock(tx, paymentHash);
      const key = `dev-pay:${paymentHash}`;
      if (!invoice || (await isPosted(tx, key))) return;
      await post(tx, { key, lines: devPaySpent(invoice.amountSats, feeMsat) });
    });
  }

  return { pay, tasks: { [BOOK_TASK]: (payload: unknown) => book(Payload.parse(payload).paymentHash) } };
}
