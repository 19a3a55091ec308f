import { type Sats, toMsat } from "~/core/money";
import { ok, type Result } from "~/core/result";
import type { Database } from "~/db/client";
import type { DevPayService } from "~/modules/invoices/dev-pay-service";
import type { Invoice } from "~/modules/invoices/invoice";
import type { InvoiceService } from "~/modules/invoices/invoice-service";
import { type BalanceSheet, balanceSheet } from "~/modules/ledger/ledger-service";
import type { PayoutService } from "~/modules/payouts/payout-service";
import type { LightningWallet, PaymentHash, WalletFailure } from "~/ports/lightning-wallet";
import { holds, type ProofTerms } from "./books";

export type ProofDeps = {
  db: Database;
  wallet: LightningWallet;
  invoices: InvoiceService;
  payouts: PayoutService;
  devPay: DevPayService;
};

export type Proof = {
  terms: ProofTerms;
  ok: boolean;
  sheet: BalanceSheet;
  /** Payment hashes of what was paid to us and is not booked yet. */
  unbooked: readonly string[];
};
/** Something that our wallet was to pay, and the outcome is not booked. */
type Spending = { paymentHash: PaymentHash; amountSats: Sats };
/** What the wallet took off its balance for it: gone, or held back until its outcome. */
type Taken = Pick<ProofTerms, "sentUnbookedMsat" | "reservedMsat">;

/** Nothing older can still be unbooked for long: watched invoices are few, payouts in flight fewer. */
const MOST_UNBOOKED = 500;

/** How the proof is taken: wallet, ledger and everything under way, read as close together as can be. */
export function booksProof({ db, wallet, invoices, payouts, devPay }: ProofDeps) {
  /** Compares the wallet with the books, listing every term. */
  async function prove(): Promise<Result<Proof, WalletFailure>> {
    const proof = await compare(await invoices.open(MOST_UNBOOKED));
    if (!proof.ok || proof.value.ok) return proof;
    // Lightning can settle late: what is missing may have come for an invoice that has expired. That is rare, and
    // there are many to ask for.
    const [open, over] = [await invoices.open(MOST_UNBOOKED), await invoices.over(MOST_UNBOOKED)];
    return compare([...open, ...over]);
  }

  async function compare(unsettled: Invoice[]): Promise<Result<Proof, WalletFailure>> {
    const statuses = await wallet.lookUpInvoices(unsettled);
    if (!statuses.ok) return statuses;
    const taken = new Map<PaymentHash, Taken>();
    for (const spending of await spendings()) {
      const asked = await takenFor(spending);
      if (!asked.ok) return asked;
      taken.set(spending.paymentHash, asked.value);
    }
    const balance = await wallet.balance();
    if (!balance.ok) return balance;
    const sheet = await balanceSheet(db.inTx);

    // What was booked while the wallet was asked is in the sheet already and no longer unbooked.
    const unbooked: string[] = [];
    const terms: ProofTerms = {
      walletMsat: balance.value,
      ledgerMsat: sheet.walletMsat,
      settledUnbookedMsat: 0n,
      sentUnbookedMsat: 0n,
      reservedMsat: 0n,
      faults: sheet.faults,
    };
    for (const [hash, status] of statuses.value) {
      if (status.state !== "settled" || (await invoices.find(hash))?.state === "settled") continue;
      terms.settledUnbookedMsat += status.creditedMsat;
      unbooked.push(hash);
    }
    for (const { paymentHash } of taken.size > 0 ? await spendings() : []) {
      const { sentUnbookedMsat = 0n, reservedMsat = 0n } = taken.get(paymentHash) ?? {};
      terms.sentUnbookedMsat += sentUnbookedMsat;
      terms.reservedMsat += reservedMsat;
    }
    return ok({ terms, ok: holds(terms), sheet, unbooked });
  }

  /** Payouts that the wallet may have heard of, and invoices of ours that it may have paid itself by the dev route. */
  async function spendings(): Promise<Spending[]> {
    return [...(await payouts.tried(MOST_UNBOOKED)), ...(await devPay.open(MOST_UNBOOKED))];
  }

  async function takenFor({ paymentHash, amountSats }: Spending): Promise<Result<Taken, WalletFailure>> {
    const status = await wallet.lookUpPayment(paymentHash);
    if (!status.ok) return status;
    switch (status.value.state) {
      case "paid":
        return ok({ sentUnbookedMsat: toMsat(amountSats) + status.value.feeMsat, reservedMsat: 0n });
      case "pending":
        return ok({ sentUnbookedMsat: 0n, reservedMsat: status.value.reservedMsat });
      case "failed":
      case "notFound":
        return ok({ sentUnbookedMsat: 0n, reservedMsat: 0n });
    }
  }

  return prove;
}
