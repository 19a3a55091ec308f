import { type Msat, type Sats, sats } from "~/core/money";
import type { Database, Tx } from "~/db/client";
import type { Payout, PayoutMethod, PayoutState } from "./payout";

type Row = NonNullable<Awaited<ReturnType<Tx["payout"]["findUnique"]>>>;

const toPayout = (row: Row): Payout => ({
  id: row.id,
  orderKind: row.orderKind,
  orderId: row.orderId,
  method: row.method as PayoutMethod, // the column's CHECK admits no other
  target: row.target,
  paymentRequest: row.paymentRequest ?? "",
  paymentHash: row.paymentHash ?? "",
  amountSats: sats(row.amountSats),
  expiresAt: row.expiresAt,
  state: row.state as PayoutState, // nor here
  createdAt: row.createdAt,
  sentAt: row.sentAt,
  note: row.note,
});

/** False when its payment hash is the target of another payout already: the hash is unique for ever. */
export async function insertPayout(
  tx: Tx,
  payout: Omit<Payout, "state" | "sentAt" | "note" | "createdAt">,
): Promise<boolean> {
  const made = await tx.payout.createMany({ data: [payout], skipDuplicates: true });
  return made.count === 1;
}

/** Writes down that a balance was credited: nothing is sent, it is paid with this. */
export async function insertCredit(
  tx: Tx,
  credit: Pick<Payout, "id" | "orderKind" | "orderId" | "target" | "amountSats">,
  now: Date,
): Promise<Payout> {
  const paid = { method: "session", state: "paid", expiresAt: now, settledAt: now };
  return toPayout(await tx.payout.create({ data: { ...credit, ...paid } }));
}

/** Reads without a lock; null where there is none. */
export async function readPayout(tx: Tx, id: string): Promise<Payout | null> {
  const row = await tx.payout.findUnique({ where: { id } });
  return row && toPayout(row);
}

/** The order's payout in flight, else its newest. */
export async function newestPayout(tx: Tx, orderId: string): Promise<Payout | null> {
  const row = await tx.payout.findFirst({ where: { orderId }, orderBy: { createdAt: "desc" } });
  return row && toPayout(row);
}

export type PayoutChange = {
  sentAt?: Date;
  settledAt?: Date;
  feeMsat?: Msat;
  note?: string | null;
  sends?: { increment: 1 };
};

/** Compare and set: true for the one caller who found it in the state `from`. */
export async function movePayout(
  tx: Tx,
  id: string,
  from: PayoutState,
  to: PayoutState,
  change: PayoutChange,
): Promise<boolean> {
  const moved = await tx.payout.updateMany({ where: { id, state: from }, data: { ...change, state: to } });
  return moved.count === 1;
}

/** Compare and set, and what was looked up is still what is there: nobody has sent it, or given it up, since. */
export async function movePayoutAsSeen(
  tx: Tx,
  { id, state, sentAt }: Payout,
  to: PayoutState,
  change: PayoutChange,
): Promise<boolean> {
  const moved = await tx.payout.updateMany({ where: { id, state, sentAt }, data: { ...change, state: to } });
  return moved.count === 1;
}

/** Decided and not ended, the oldest first. */
export async function payoutsInFlight(db: Database, limit: number): Promise<Payout[]> {
  const rows = await db.prisma.payout.findMany({
    where: { state: { in: ["queued", "sending"] } },
    orderBy: { createdAt: "asc" },
    take: limit,
  });
  return rows.map(toPayout);
}

/** Payouts without an outcome that the wallet may have heard of: those put back after a try among them. */
export async function triedPayouts(db: Database, limit: number): Promise<Payout[]> {
  const rows = await db.prisma.payout.findMany({
    where: { state: { in: ["queued", "sending"] }, sentAt: { not: null } },
    orderBy: { createdAt: "asc" },
    take: limit,
  });
  return rows.map(toPayout);
}

/**
 * Payouts without an outcome that nobody will come back to by then: their task is not in the queue, or not before. One
 * whose task has failed has its own pauses. `keyOf` begins the name of the tasks.
 */
export async function forgottenPayouts(db: Database, keyOf: string, by: Date, limit: number): Promise<string[]> {
  const rows = await db.prisma.$queryRaw<{ id: string }[]>`
    SELECT p.id FROM payout p
    WHERE p.state IN ('queued', 'sending') AND NOT EXISTS (
      SELECT FROM graphile_worker._private_jobs j
      WHERE j.key = ${keyOf} || p.id::text AND (j.attempts > 0 OR j.run_at <= ${by}))
    ORDER BY p.created_at LIMIT ${limit}`;
  return rows.map(({ id }) => id);
}

/** Lets one payout be let out at a time, so that what was sent stays true until the transaction ends. */
export async function lockSending(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('payouts-sent', 0))`;
}

/** Sats of payouts that were sent since then, whatever became of them short of failing. */
export async function sentSince(tx: Tx, since: Date): Promise<Sats> {
  const sum = await tx.payout.aggregate({
    where: { sentAt: { gte: since }, state: { in: ["sending", "paid"] } },
    _sum: { amountSats: true },
  });
  return sats(sum._sum.amountSats ?? 0n);
}

/** Some payment request of this order's own invoices: it tells which network we are on. */
export async function ownPaymentRequest(tx: Tx, orderId: string): Promise<string | null> {
  const row = await tx.invoice.findFirst({ where: { orderId }, select: { paymentRequest: true } });
  return row?.paymentRequest ?? null;
}
