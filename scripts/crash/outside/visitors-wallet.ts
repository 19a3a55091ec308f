import { setInterval } from "node:timers";
import { decodeInvoice } from "~/adapters/bolt11/decode-invoice";
import { simulatedWallet } from "~/adapters/simulated-wallet/simulated-wallet";
import { msat, sats } from "~/core/money";
import { openDatabase } from "~/db/client";
import { simulatedWalletStore } from "~/db/simulated-wallet-store";
import { systemClock } from "~/ports/clock";
import { outsideInvoice } from "~/testing/outside-node";
import { pick, type Random } from "../driver/random";
import { PAY_TROUBLES, type PayTrouble } from "./trouble";
import { troubleStore } from "./trouble-store";

/** What the wallet holds before the first server starts: the books open with it. */
export const OPENING_SATS = 100_000;
const TROUBLED = 0.5;
const ARRIVALS_MS = 200;

/** The world outside, which no kill touches: who pays our invoices, who is paid, and requests on their way. */
export async function visitorsWallet(url: string, secret: string, next: Random) {
  const db = openDatabase(url, { poolSize: 3 });
  const wallet = simulatedWallet({
    store: simulatedWalletStore(db),
    clock: systemClock,
    decodeInvoice,
    secret,
    openingSats: sats(OPENING_SATS),
  });
  const trouble = troubleStore(url);
  await trouble.open();
  await wallet.balance(); // makes it

  /** Requests that hung on their way reach the wallet, whether anybody still waits for them or not. */
  async function arrive(): Promise<void> {
    for (const payment of await trouble.arriving()) {
      await wallet.pay(payment);
      await trouble.arrived(payment.paymentHash);
    }
  }
  let arriving = Promise.resolve();
  const timer = setInterval(() => {
    arriving = arriving.then(arrive).catch(() => undefined);
  }, ARRIVALS_MS);

  return {
    trouble,
    /** Pays an invoice of ours. False when it is over, or settled already. */
    async pay(paymentHash: string, paymentRequest: string): Promise<boolean> {
      const paid = await wallet.devPayer.pay({ paymentHash, paymentRequest });
      if (!paid.ok && paid.error.code !== "invoiceNotPayable")
        throw new Error(`the visitor's wallet: ${paid.error.code}`);
      return paid.ok;
    },
    /** An invoice of a visitor's own wallet; something may go wrong with paying it, or certainly does. */
    async invoice(amountSats: number, certain?: PayTrouble): Promise<{ paymentHash: string; paymentRequest: string }> {
      const invoice = outsideInvoice({ amountMsat: msat(BigInt(amountSats) * 1000n) });
      const kind = certain ?? (next() < TROUBLED ? pick(PAY_TROUBLES, next) : null);
      if (kind) await trouble.order(invoice.paymentHash, kind);
      return invoice;
    },
    async close() {
      clearInterval(timer);
      await arriving;
      await trouble.close();
      await db.close();
    },
  };
}
export type VisitorsWallet = Awaited<ReturnType<typeof visitorsWallet>>;
