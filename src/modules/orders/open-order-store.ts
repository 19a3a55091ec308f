import type { Tx } from "~/db/client";

/** Lets one order of this client be made at a time, so that what is counted stays true until the transaction ends. */
export async function lockClient(tx: Tx, clientKey: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`orders:${clientKey}`}, 0))`;
}

/** How many orders of this client, of whatever kind, wait for their first payment, counted up to `limit`. */
export async function countUnpaid(tx: Tx, clientKey: string, limit: number): Promise<number> {
  const [row] = await tx.$queryRaw<{ count: number }[]>`SELECT unpaid_orders(${clientKey}, ${limit}::int) AS count`;
  return row?.count ?? 0;
}
