import { ok, type Result } from "~/core/result";
import type { Database } from "~/db/client";
import type { Invoice } from "~/modules/invoices/invoice";
import type { InvoiceService } from "~/modules/invoices/invoice-service";
import { type BalanceSheet, balanceSheet } from "~/modules/ledger/ledger-service";
import type { Unbooked } from "~/modules/payouts/payout";
import type { PayoutService } from "~/modules/payouts/payout-service";
import type { LightningWallet, WalletFailure } from "~/ports/lightning-wallet";
import { holds, type ProofTerms } from "./books";

export type ProofDeps = { db: Database; wallet: LightningWallet; invoices: InvoiceService; payouts: PayoutService };

export type Proof = {
  terms: ProofTerms;
  ok: boolean;
  sheet: BalanceSheet;
  /** Payment hashes of what was paid to us and is not booked yet. */
  unbooked: readonly string[];
};
/** Nothing older can still be unbooked for long: watched invoices are few, payouts in flight fewer. */
const MOST_UNBOOKED = 500;

export function booksProof({ db, wallet, invoices, payouts }: ProofDeps) {
  /** Compares the wallet with the books, listing every term. */
  async function prove(): Promise<Result<Proof, WalletFailure>> {
    const proof = await compare(await invoices.open(MOST_UNBOOKED));
    if (!proof.ok || proof.value.ok) return proof;
    // Lightning can settle late: what is missing may have come for an invoice that is over. Rare, and many to ask for.
    const [open, over] = [await invoices.open(MOST_UNBOOKED), await invoices.over(MOST_UNBOOKED)];
    return compare([...open, ...over]);
  }

  async function compare(unsettled: Invoice[]): Promise<Result<Proof, WalletFailure>> {
    const statuses = await wallet.lookUpInvoices(unsettled);
    if (!statuses.ok) return statuses;
    const tried = new Map<string, Unbooked>();
    for (const payout of await payouts.tried(MOST_UNBOOKED)) {
      const unbooked = await payouts.unbooked(payout);
      if (!unbooked.ok) return unbooked;
      tried.set(payout.id, unbooked.value);
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
    for (const { id } of tried.size > 0 ? await payouts.tried(MOST_UNBOOKED) : []) {
      const { sentMsat = 0n, reservedMsat = 0n } = tried.get(id) ?? {};
      terms.sentUnbookedMsat += sentMsat;
      terms.reservedMsat += reservedMsat;
    }
    return ok({ terms, ok: holds(terms), sheet, unbooked });
  }

  return prove;
}
