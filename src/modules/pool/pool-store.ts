import { type Sats, sats } from "~/core/money";
import type { Tx } from "~/db/client";

/**
 * Whose order is decided, and by which standing. If that has changed meanwhile the database sends the caller back
 * (40001).
 */
export type Decider = { pubkey: string; version: number; dailyBudgetSats: Sats; maxReturnPct: number };

/** `nothing`: a dry run. `whole`: takes a quote that is covered whole, pledges a part. `part`: takes a part too. */
export type Take = "nothing" | "whole" | "part";

const amountOf = (rows: { sats: bigint | null }[]): Sats => sats(rows[0]?.sats ?? 0n);

/** How much of the quote the pool covers, taken in the same statement. */
export async function decide(tx: Tx, who: Decider, orderId: string, quoteSats: Sats, take: Take): Promise<Sats> {
  return amountOf(
    await tx.$queryRaw`SELECT free_tier_decide(${orderId}::uuid, ${who.pubkey}, ${who.version}::int,
      ${who.dailyBudgetSats}::bigint, ${who.maxReturnPct}::numeric, ${quoteSats}::bigint, ${take}) AS sats`,
  );
}

/** Turns an order's pledge into a reservation: the least of pledge, budget left and pool. Returns what was reserved. */
export async function takePledge(tx: Tx, who: Decider, orderId: string): Promise<Sats> {
  return amountOf(
    await tx.$queryRaw`SELECT free_tier_take_pledge(${orderId}::uuid, ${who.pubkey}, ${who.version}::int,
      ${who.dailyBudgetSats}::bigint, ${who.maxReturnPct}::numeric) AS sats`,
  );
}

/** The pledge counts against the budget no more. */
export async function dropPledge(tx: Tx, orderId: string): Promise<void> {
  await tx.freeTierUse.deleteMany({ where: { orderId, state: "pledged" } });
}

/** Grants up to `priceSats` of what was set aside and gives the rest back. Returns what was granted. */
export async function settle(
  tx: Tx,
  order: { orderKind: string; orderId: string },
  priceSats: Sats,
  requestHmac: string,
): Promise<Sats> {
  return amountOf(
    await tx.$queryRaw`SELECT free_tier_settle(${order.orderId}::uuid, ${order.orderKind}, ${priceSats}::bigint,
      ${requestHmac}) AS sats`,
  );
}

/** What was set aside for an order. */
export async function reservedFor(tx: Tx, orderId: string): Promise<Sats> {
  const use = await tx.freeTierUse.findFirst({ where: { orderId, state: "reserved" }, select: { sats: true } });
  return sats(use?.sats ?? 0n);
}

/** Fills the pool once in its life; later calls do nothing. */
export async function seed(tx: Tx, amount: Sats): Promise<void> {
  await tx.$executeRaw`SELECT pool_seed(${amount}::bigint)`;
}

/** What may still be given; what is set aside is not in it. */
export async function balance(tx: Tx): Promise<Sats> {
  return amountOf(await tx.$queryRaw`SELECT pool_balance() AS sats`);
}

/** What the identity's budget of today has gone to, what is only pledged or set aside yet included. */
export async function usedToday(tx: Tx, pubkey: string): Promise<Sats> {
  return amountOf(
    await tx.$queryRaw`SELECT coalesce(sum(sats), 0)::bigint AS sats FROM free_tier_use
      WHERE pubkey = ${pubkey} AND day = free_tier_today()`,
  );
}
