import { type Sats, sats } from "~/core/money";
import type { Tx } from "~/db/client";
import type { Order } from "./payout";

export type WithdrawCode = { order: Order; k1Hash: string; amountSats: Sats; expiresAt: Date; usedAt: Date | null };

/** Keeps the hash of a k1. The order's older code, used or not, is forgotten. */
export async function replaceCode(
  tx: Tx,
  order: Order,
  k1Hash: string,
  amountSats: Sats,
  expiresAt: Date,
): Promise<void> {
  const code = { orderKind: order.orderKind, k1Hash, amountSats, expiresAt, usedAt: null };
  await tx.withdrawCode.upsert({
    where: { orderId: order.orderId },
    create: { orderId: order.orderId, ...code },
    update: code,
  });
}

/** By the hash of its k1: the k1 itself is not kept. */
export async function readCode(tx: Tx, k1Hash: string): Promise<WithdrawCode | null> {
  const row = await tx.withdrawCode.findUnique({ where: { k1Hash } });
  if (!row) return null;
  const { orderKind, orderId, expiresAt, usedAt } = row;
  return { order: { orderKind, orderId }, k1Hash, amountSats: sats(row.amountSats), expiresAt, usedAt };
}

/** True for the one caller who used it. */
export async function markUsed(tx: Tx, k1Hash: string, now: Date): Promise<boolean> {
  const used = await tx.withdrawCode.updateMany({ where: { k1Hash, usedAt: null }, data: { usedAt: now } });
  return used.count === 1;
}
