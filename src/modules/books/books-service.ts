import { newOrderId } from "~/core/ids";
import { msat, type Sats, sats, toMsat } from "~/core/money";
import { err, ok, type Result } from "~/core/result";
import type { Database } from "~/db/client";
import type { InvoiceService } from "~/modules/invoices/invoice-service";
import { openingBalance, operatorDeposit, operatorWithdrawal } from "~/modules/ledger/ledger";
import { type BalanceSheet, balanceSheet, post } from "~/modules/ledger/ledger-service";
import type { PayoutService } from "~/modules/payouts/payout-service";
import type { Clock } from "~/ports/clock";
import type { LightningWallet, WalletFailure } from "~/ports/lightning-wallet";
import { holds, type ProofTerms, provenWrong, unexplainedMsat } from "./books";
import { claimOpening, deleteReadingsBefore, isOpened, keepReading, newestReadings } from "./books-store";

type Deps = {
  db: Database;
  wallet: LightningWallet;
  invoices: InvoiceService;
  payouts: PayoutService;
  clock: Clock;
};

export type Proof = { terms: ProofTerms; ok: boolean; sheet: BalanceSheet };
export type WithdrawalError = { code: "notFree"; freeSats: Sats };

/** Nothing older can still be unbooked for long: watched invoices are few, payouts in flight fewer. */
const MOST_UNBOOKED = 500;
const MOST_READINGS = 20;
const KEEP_READINGS_MS = 30 * 86_400_000;

export function booksService({ db, wallet, invoices, payouts, clock }: Deps) {
  /** Compares the wallet with the books, listing every term. */
  async function prove(): Promise<Result<Proof, WalletFailure>> {
    const open = await invoices.open(MOST_UNBOOKED);
    const statuses = await wallet.lookUpInvoices(open);
    if (!statuses.ok) return statuses;
    let sentUnbookedMsat = 0n;
    let reservedMsat = 0n;
    for (const payout of await payouts.inFlight(MOST_UNBOOKED)) {
      if (payout.state !== "sending") continue;
      const known = await payouts.unbooked(payout);
      sentUnbookedMsat += known?.sentMsat ?? 0n;
      reservedMsat += known?.reservedMsat ?? 0n;
    }
    const balance = await wallet.balance();
    if (!balance.ok) return balance;
    const sheet = await balanceSheet(db.inTx);
    // What was booked while the wallet was asked is in the sheet already and no longer unbooked.
    const stillOpen = new Set((await invoices.open(MOST_UNBOOKED)).map(({ paymentHash }) => paymentHash));
    let settledUnbookedMsat = 0n;
    for (const [hash, status] of statuses.value) {
      if (status.state === "settled" && stillOpen.has(hash)) settledUnbookedMsat += status.creditedMsat;
    }
    const terms: ProofTerms = {
      walletMsat: balance.value,
      ledgerMsat: sheet.walletMsat,
      settledUnbookedMsat,
      sentUnbookedMsat,
      reservedMsat,
      faults: sheet.faults,
    };
    return ok({ terms, ok: holds(terms), sheet });
  }

  /** Takes a reading and keeps it. Whether the books are now proven wrong, or null when the wallet does not answer. */
  async function takeReading(): Promise<{ ok: boolean; provenWrong: boolean } | null> {
    await openIfNew();
    const proof = await prove();
    if (!proof.ok) return null;
    await keepReading(db, proof.value.terms, proof.value.ok);
    // Most likely somebody paid late: whatever can still be paid is asked for before the next reading.
    if (unexplainedMsat(proof.value.terms) > 0n) await invoices.askAboutExpired();
    await deleteReadingsBefore(db, new Date(clock.now().getTime() - KEEP_READINGS_MS));
    return { ok: proof.value.ok, provenWrong: await areProvenWrong() };
  }

  const areProvenWrong = async () => provenWrong(await newestReadings(db, MOST_READINGS));

  /** Books what the wallet already held when the books were begun, once in their life. */
  async function openIfNew(): Promise<void> {
    if (await isOpened(db)) return;
    const proof = await prove();
    if (!proof.ok) return;
    const held = unexplainedMsat(proof.value.terms);
    await db.inTx(async (tx) => {
      if (!(await claimOpening(tx, proof.value.terms.walletMsat)) || held <= 0n) return;
      await post(tx, { key: "opening", lines: [openingBalance(msat(held))] });
    });
  }

  /** The operator has put sats into the wallet. */
  async function deposit(amount: Sats, reason: string): Promise<void> {
    await db.inTx((tx) =>
      post(tx, { key: `operator:${newOrderId()}`, lines: [operatorDeposit(amount)], memo: reason }),
    );
  }

  /** The operator has taken sats out of the wallet: at most what belongs to nobody else. */
  function withdraw(amount: Sats, reason: string): Promise<Result<null, WithdrawalError>> {
    return db.inTx(async (tx) => {
      const sheet = await balanceSheet((work) => work(tx));
      const free = sheet.walletMsat - sheet.liabilitiesMsat;
      if (toMsat(amount) > free) return err({ code: "notFree", freeSats: sats(free > 0n ? free / 1000n : 0n) });
      await post(tx, { key: `operator:${newOrderId()}`, lines: [operatorWithdrawal(amount)], memo: reason });
      return ok(null);
    });
  }

  return { prove, takeReading, areProvenWrong, openIfNew, deposit, withdraw };
}
export type BooksService = ReturnType<typeof booksService>;
