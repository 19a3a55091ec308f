import { msat, sats } from "~/core/money";
import type { Database, Tx } from "~/db/client";
import { type Invoice, type InvoiceState, sharedBetween } from "./invoice";

type Row = Pick<
  NonNullable<Awaited<ReturnType<Tx["invoice"]["findUnique"]>>>,
  | ("paymentHash" | "paymentRequest" | "orderKind" | "orderId" | "purpose")
  | ("amountSats" | "state" | "createdAt" | "expiresAt" | "creditedMsat")
>;

const toInvoice = (row: Row): Invoice => ({
  orderKind: row.orderKind,
  orderId: row.orderId,
  purpose: row.purpose,
  paymentHash: row.paymentHash,
  paymentRequest: row.paymentRequest,
  amountSats: sats(row.amountSats),
  state: row.state as InvoiceState, // the column's CHECK admits no other
  createdAt: row.createdAt,
  expiresAt: row.expiresAt,
  creditedMsat: row.creditedMsat === null ? null : msat(row.creditedMsat),
});

/** A new open invoice. `nextCheckAt`: when the sweep asks for it first. */
export async function insertInvoice(
  tx: Tx,
  invoice: Omit<Invoice, "creditedMsat" | "state">,
  nextCheckAt: Date | null,
) {
  await tx.invoice.create({ data: { ...invoice, nextCheckAt } });
}

/** Reads without a lock; null where the hash is none of ours. */
export async function readInvoice(tx: Tx, paymentHash: string): Promise<Invoice | null> {
  const row = await tx.invoice.findUnique({ where: { paymentHash } });
  return row && toInvoice(row);
}

/** Reads an invoice and keeps every other writer out until the transaction ends. */
export async function lockInvoice(tx: Tx, paymentHash: string): Promise<Invoice | null> {
  const [row] = await tx.$queryRaw<Row[]>`
    SELECT payment_hash AS "paymentHash", payment_request AS "paymentRequest", order_kind AS "orderKind",
      order_id AS "orderId", purpose, amount_sats AS "amountSats", state, created_at AS "createdAt",
      expires_at AS "expiresAt", credited_msat AS "creditedMsat"
    FROM invoice WHERE payment_hash = ${paymentHash} FOR UPDATE`;
  return row ? toInvoice(row) : null;
}

/** `creditedMsat`: what the wallet credited. The sweep asks for it no more. */
export async function markSettled(tx: Tx, paymentHash: string, creditedMsat: bigint, now: Date) {
  await tx.$executeRaw`
    UPDATE invoice SET state = 'settled', credited_msat = ${creditedMsat}, settled_at = ${now}, next_check_at = NULL
    WHERE payment_hash = ${paymentHash}`;
}

/** `nextCheckAt`: when a late payment is looked for next, or null. */
export async function markExpired(tx: Tx, paymentHash: string, nextCheckAt: Date | null) {
  await tx.invoice.update({ where: { paymentHash }, data: { state: "expired", nextCheckAt } });
}

/** Whoever gets true makes the look-up that all polls of these milliseconds share. */
export async function claimLookUp(db: Database, paymentHash: string, now: Date, sharedMs: number): Promise<boolean> {
  const { after, before } = sharedBetween(now, sharedMs);
  const claimed = await db.prisma.invoice.updateMany({
    where: {
      paymentHash,
      state: { not: "settled" },
      OR: [{ lookedUpAt: null }, { lookedUpAt: { lt: after } }, { lookedUpAt: { gt: before } }],
    },
    data: { lookedUpAt: now },
  });
  return claimed.count === 1;
}

/** The order in which invoices that are due are asked about and booked. */
export const IN_TURN = [{ createdAt: "desc" }, { paymentHash: "asc" }] as const satisfies object[];

/**
 * Takes invoices that are due out of everybody else's reach for `leaseMs`, the newest first.
 * The lease is their next check should this process die with them.
 */
export async function claimDue(db: Database, now: Date, leaseMs: number, limit: number): Promise<Invoice[]> {
  const lease = new Date(now.getTime() + leaseMs);
  const hashes = await db.prisma.$queryRaw<{ payment_hash: string }[]>`
    UPDATE invoice SET next_check_at = ${lease}, looked_up_at = ${now}, checks = checks + 1
    WHERE payment_hash IN (
      SELECT payment_hash FROM invoice WHERE next_check_at <= ${now}
      ORDER BY created_at DESC, payment_hash LIMIT ${limit} FOR UPDATE SKIP LOCKED)
    RETURNING payment_hash`;
  // In the order of the claim, always: where the pool's last sats are counted on by several, the first one gets them.
  const rows = await db.prisma.invoice.findMany({
    where: { paymentHash: { in: hashes.map((h) => h.payment_hash) } },
    orderBy: [...IN_TURN],
  });
  return rows.map(toInvoice);
}

/** When the sweep asks for it next; nothing happens to a settled one. */
export async function scheduleCheck(db: Database, paymentHash: string, nextCheckAt: Date | null) {
  await db.prisma.invoice.updateMany({ where: { paymentHash, state: { not: "settled" } }, data: { nextCheckAt } });
}

/**
 * Open invoices that are put off for longer than any pause is (overdueCheckAt has the longest) are due now: it was done
 * by a clock that was ahead. As many rows are read as there are open invoices.
 */
export async function callBackPutOff(db: Database, now: Date): Promise<void> {
  await db.prisma.$executeRaw`
    UPDATE invoice SET next_check_at = ${now}
    WHERE state = 'open'
      AND next_check_at > ${now}::timestamptz + greatest(interval '2 minutes', (${now}::timestamptz - expires_at) / 30)`;
}

/** When the next invoice is due, or null when none is. */
export async function nextDueAt(db: Database): Promise<Date | null> {
  const row = await db.prisma.invoice.findFirst({
    where: { nextCheckAt: { not: null } },
    orderBy: { nextCheckAt: "asc" },
    select: { nextCheckAt: true },
  });
  return row?.nextCheckAt ?? null;
}

/** Open invoices that can still bring money unseen, the newest first. */
export async function openInvoices(db: Database, limit: number): Promise<Invoice[]> {
  const rows = await db.prisma.invoice.findMany({
    where: { state: "open" },
    orderBy: { createdAt: "desc" },
    take: limit,
  });
  return rows.map(toInvoice);
}

/** Invoices that are over and still asked about now and then, since they can settle late; the newest first. */
export async function overInvoices(db: Database, limit: number): Promise<Invoice[]> {
  const rows = await db.prisma.invoice.findMany({
    where: { state: "expired", nextCheckAt: { not: null } },
    orderBy: { createdAt: "desc" },
    take: limit,
  });
  return rows.map(toInvoice);
}

/** Writes down that our own wallet may be paying this invoice. */
export async function openDevPay(tx: Tx, paymentHash: string): Promise<void> {
  await tx.$executeRaw`UPDATE invoice SET dev_pay_open = true WHERE payment_hash = ${paymentHash}`;
}

/** What our own wallet spent on it is booked, or it spent nothing and never will. */
export async function closeDevPay(tx: Tx, paymentHash: string): Promise<void> {
  await tx.$executeRaw`UPDATE invoice SET dev_pay_open = false WHERE payment_hash = ${paymentHash}`;
}

/** Invoices that our own wallet may have paid and the books do not know of it, the newest first. */
export async function openDevPays(db: Database, limit: number): Promise<Invoice[]> {
  const rows = await db.prisma.invoice.findMany({
    where: { devPayOpen: true },
    orderBy: { createdAt: "desc" },
    take: limit,
  });
  return rows.map(toInvoice);
}
