import { type Sats, sats } from "~/core/money";
import type { Workshop } from "./workshop";

/** The pool's steps, each in a transaction of its own, by names that another process can be told. */
export function freeTier({ db, services: { pool, trust } }: Pick<Workshop, "db" | "services">) {
  const order = (orderId: string) => ({ orderKind: "test", orderId });
  return {
    decide: (pubkey: string, orderId: string, quote: bigint) =>
      db.inTx((tx) => pool.decide(tx, pubkey, orderId, sats(quote))),
    takePledge: (pubkey: string, orderId: string) => db.inTx((tx) => pool.takePledge(tx, pubkey, orderId)),
    dropPledge: (orderId: string) => db.inTx((tx) => pool.dropPledge(tx, orderId)),
    settle: (orderId: string, price: bigint): Promise<Sats> =>
      db.inTx((tx) => pool.settle(tx, order(orderId), sats(price), "a request")),
    release: (orderId: string) => db.inTx((tx) => pool.release(tx, order(orderId))),
    paidWork: (pubkey: string, charged: bigint) =>
      db.inTx((tx) => trust.happened(tx, pubkey, "paidWork", sats(charged))),
    refused: (pubkey: string) => db.inTx((tx) => trust.happened(tx, pubkey, "refused", sats(0n))),
  };
}

/** Makes a key known, with a score and a life of paid work. */
export async function regular(
  { db, services }: Pick<Workshop, "db" | "services">,
  pubkey: string,
  { score, chargedSats }: { score: number; chargedSats: bigint },
): Promise<string> {
  await services.trust.visited(pubkey);
  await db.prisma.identity.update({ where: { pubkey }, data: { score, chargedSats, version: { increment: 1 } } });
  return pubkey;
}

/** What the free tier must be at any time, asked of the database alone. Empty where all of it holds. */
export async function freeTierFaults({ db }: Pick<Workshop, "db">): Promise<unknown[]> {
  const { rows } = await db.pool.query<{ fault: string; about: string; should: string; is: string }>(FAULTS);
  return rows;
}

const FAULTS = `
  WITH moved AS (
    SELECT debit_kind, credit_kind, sum(amount_msat) / 1000 AS sats FROM ledger_transfer GROUP BY 1, 2),
  total AS (
    SELECT coalesce(sum(sats) FILTER (WHERE debit_kind = 'pool_commitment'), 0) AS seeded,
      coalesce(sum(sats) FILTER (WHERE credit_kind = 'pool_reserved'), 0) AS reserved,
      coalesce(sum(sats) FILTER (WHERE debit_kind = 'pool_reserved' AND credit_kind = 'pool'), 0) AS returned,
      coalesce(sum(sats) FILTER (WHERE debit_kind = 'pool_reserved' AND credit_kind = 'revenue'), 0) AS granted,
      coalesce(sum(sats) FILTER (WHERE debit_kind = 'revenue' AND credit_kind = 'pool'), 0) AS credited
    FROM moved),
  aside AS (SELECT coalesce(sum(balance_msat), 0) / 1000 AS sats FROM ledger_account WHERE kind = 'pool_reserved')
  SELECT 'the pool holds' AS fault, '' AS about, (seeded + credited + returned - reserved)::text AS should, pool_balance()::text AS is
  FROM total WHERE pool_balance() < 0 OR seeded + credited + returned - reserved <> pool_balance()
  UNION ALL
  SELECT 'set aside', '', (reserved - returned - granted)::text, aside.sats::text
  FROM total, aside WHERE reserved - returned - granted <> aside.sats
  UNION ALL
  SELECT 'set aside for orders', '', aside.sats::text, used.sats::text FROM aside,
    (SELECT coalesce(sum(sats), 0) AS sats FROM free_tier_use WHERE state = 'reserved') used WHERE used.sats <> aside.sats
  UNION ALL
  SELECT 'the log of grants', '', granted::text, logged.sats::text FROM total,
    (SELECT coalesce(sum(absorbed_sats), 0) AS sats FROM pool_grant) logged WHERE logged.sats <> granted
  UNION ALL
  SELECT 'a grant and its use', order_id::text, coalesce(g.absorbed_sats, 0)::text, coalesce(u.sats, 0)::text
  FROM pool_grant g FULL JOIN (SELECT * FROM free_tier_use WHERE state = 'settled') u USING (order_id)
  WHERE g.absorbed_sats IS DISTINCT FROM u.sats OR g.pubkey IS DISTINCT FROM u.pubkey
  UNION ALL
  SELECT 'absorbed in a life', i.pubkey, coalesce(sum(g.absorbed_sats), 0)::text, i.absorbed_sats::text
  FROM identity i LEFT JOIN pool_grant g USING (pubkey) GROUP BY i.pubkey
  HAVING coalesce(sum(g.absorbed_sats), 0) <> i.absorbed_sats`;
