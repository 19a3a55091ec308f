import { randomHex } from "~/core/ids";
import { creditSats, type Msat, type Sats } from "~/core/money";
import { err, ok, type Result } from "~/core/result";
import type { Database, Tx } from "~/db/client";
import { type PaidInto, paymentReceived } from "~/modules/ledger/ledger";
import { post } from "~/modules/ledger/ledger-service";
import type { Clock } from "~/ports/clock";
import type {
  CreatedInvoice,
  InvoiceStatus,
  LightningWallet,
  SettlementFeed,
  WalletFailure,
} from "~/ports/lightning-wallet";
import {
  type Invoice,
  type InvoiceFor,
  type InvoiceState,
  nextCheckAt,
  overdueCheckAt,
  sharedBetween,
  sharedLookUpMs,
} from "./invoice";
import {
  callBackPutOff,
  claimDue,
  claimLookUp,
  insertInvoice,
  lockInvoice,
  markExpired,
  markSettled,
  nextDueAt,
  openInvoices,
  overInvoices,
  readInvoice,
  scheduleCheck,
} from "./invoice-store";

/** `state` is what the invoice was before: `open` for one that was paid in time, though perhaps seen late. */
export type Settlement = InvoiceFor & { paymentHash: string; creditedSats: Sats; state: InvoiceState };

/** Who gets the money of a settled invoice: the order (`escrow`, `prepaid`) or, if it came too late, its payer (`owed`). */
export type Claim = {
  account: PaidInto;
  /** Moves the order on, once the money is booked. */
  onBooked(): Promise<void>;
};

/** What each kind of order does when its invoice ends. Called inside the transaction that records the end. */
export type InvoiceOwner = {
  /** Locks the order and says what becomes of it. */
  onSettled(tx: Tx, settlement: Settlement): Promise<Claim>;
  onExpired(tx: Tx, invoice: InvoiceFor): Promise<void>;
};

type Deps = {
  db: Database;
  wallet: LightningWallet;
  clock: Clock;
  owners: Readonly<Record<string, InvoiceOwner>>;
  feed: () => SettlementFeed | null;
};

const SWEEP_BATCH = 200;
const SWEEP_LEASE_MS = 30_000;

/**
 * Invoices of every kind of order, from issuing to their settlement or end. Whoever hints at a payment, the wallet is
 * asked before anything moves.
 */
export function invoiceService({ db, wallet, clock, owners, feed }: Deps) {
  const ownerOf = (orderKind: string): InvoiceOwner => {
    const owner = owners[orderKind];
    if (!owner) throw new Error(`no owner for orders of kind ${orderKind}`);
    return owner;
  };

  /** Asks the wallet for an invoice. Nothing is kept: a caller that dies before `record` leaves one nobody saw. */
  function issue(wanted: {
    amountSats: Sats;
    memo: string;
    expirySeconds: number;
  }): Promise<Result<CreatedInvoice, WalletFailure>> {
    return wallet.createInvoice({ ...wanted, reference: randomHex(16) });
  }

  /** Keeps an issued invoice in the transaction of the step that needs it. */
  async function record(tx: Tx, issued: CreatedInvoice, amountSats: Sats, purpose: InvoiceFor): Promise<void> {
    const createdAt = clock.now();
    await insertInvoice(
      tx,
      { ...purpose, ...issued, amountSats, createdAt },
      nextCheckAt({ createdAt, expiresAt: issued.expiresAt }, createdAt),
    );
  }

  /** Books a payment and moves its order, once, however often and from wherever it is reported. */
  function settle(paymentHash: string, creditedMsat: Msat): Promise<void> {
    return db.inTx(async (tx) => {
      const invoice = await lockInvoice(tx, paymentHash);
      if (!invoice || invoice.state === "settled") return;
      const settlement = { ...invoice, creditedSats: creditSats(creditedMsat) };
      await markSettled(tx, paymentHash, creditedMsat, clock.now());
      const { account, onBooked } = await ownerOf(invoice.orderKind).onSettled(tx, settlement);
      await post(tx, { key: `settled:${paymentHash}`, lines: paymentReceived(invoice.orderId, creditedMsat, account) });
      await onBooked();
    });
  }

  /** Records that the wallet, asked after the expiry, has not been paid. A later payment is still noticed. */
  function expire(paymentHash: string): Promise<void> {
    return db.inTx(async (tx) => {
      const invoice = await lockInvoice(tx, paymentHash);
      if (!invoice || invoice.state === "settled") return;
      await markExpired(tx, paymentHash, nextCheckAt(invoice, clock.now()));
      if (invoice.state === "open") await ownerOf(invoice.orderKind).onExpired(tx, invoice);
    });
  }

  async function apply(invoice: Invoice, status: InvoiceStatus): Promise<void> {
    if (status.state === "settled") return settle(invoice.paymentHash, status.creditedMsat);
    const now = clock.now();
    const over = now >= invoice.expiresAt;
    // A wallet that has forgotten an invoice after its expiry will not be paid for it either.
    if (over && (status.state === "expired" || status.state === "unknown")) return expire(invoice.paymentHash);
    const next = over && invoice.state === "open" ? overdueCheckAt(invoice, now) : nextCheckAt(invoice, now);
    await scheduleCheck(db, invoice.paymentHash, next);
  }

  /** Asks the wallet about one invoice and acts on the answer. A hint that is false changes nothing. */
  async function lookUp(paymentHash: string): Promise<Result<InvoiceStatus["state"] | "notOurs", WalletFailure>> {
    const invoice = await readInvoice(db.prisma, paymentHash);
    if (!invoice) return ok("notOurs");
    if (invoice.state === "settled") return ok("settled");
    const status = await wallet.lookUpInvoice(paymentHash);
    if (!status.ok) return err(status.error);
    await apply(invoice, status.value);
    return ok(status.value.state);
  }

  const sharedMs = () => sharedLookUpMs(feed()?.healthy() ?? false);

  /** Whether a poll should ask the wallet again, by when it was asked last: cheap, and right but for races. */
  const isDue = (lookedUpAt: Date | null): boolean => {
    const { after, before } = sharedBetween(clock.now(), sharedMs());
    return lookedUpAt === null || lookedUpAt < after || lookedUpAt > before;
  };

  /** A look-up on behalf of somebody who polls: many polls share one. True when this one asked. */
  async function lookUpShared(paymentHash: string): Promise<boolean> {
    if (!(await claimLookUp(db, paymentHash, clock.now(), sharedMs()))) return false;
    await lookUp(paymentHash);
    return true;
  }

  /**
   * Looks up what is due, many in one call. Returns when the next one will be, or null when nothing waits. One that
   * fails does not hold up the others; its error is thrown once they are done.
   */
  async function sweep(): Promise<Date | null> {
    const stuck: unknown[] = [];
    for (;;) {
      const due = await claimDue(db, clock.now(), SWEEP_LEASE_MS, SWEEP_BATCH);
      // When the wallet does not answer, the lease has already put them off.
      const statuses = due.length > 0 ? await wallet.lookUpInvoices(due) : ok(new Map<string, InvoiceStatus>());
      if (statuses.ok) {
        for (const invoice of due) {
          await applySwept(invoice, statuses.value.get(invoice.paymentHash)).catch((error) => stuck.push(error));
        }
      }
      if (!statuses.ok || due.length < SWEEP_BATCH) break;
    }
    if (stuck.length > 0) throw new AggregateError(stuck, `${stuck.length} invoices could not be moved on`);
    return nextDueAt(db);
  }

  async function applySwept(invoice: Invoice, status: InvoiceStatus | undefined): Promise<void> {
    if (status) await apply(invoice, status);
    else await lookUp(invoice.paymentHash);
  }

  return {
    /** A net under the sweep, for the queue. */
    tasks: { "rescue-invoices": () => callBackPutOff(db, clock.now()) },
    issue,
    record,
    lookUp,
    lookUpShared,
    isDue,
    sweep,
    settle,
    expire,
    isOurs: async (tx: Tx, paymentHash: string) => (await readInvoice(tx, paymentHash)) !== null,
    lock: lockInvoice,
    find: (paymentHash: string) => readInvoice(db.prisma, paymentHash),
    open: (limit: number) => openInvoices(db, limit),
    over: (limit: number) => overInvoices(db, limit),
  };
}
export type InvoiceService = ReturnType<typeof invoiceService>;
