import type pg from "pg";
import { z } from "zod";
import { OPENING_SATS } from "../outside/visitors-wallet";

/** A violation: which invariant, and what of it. */
export type Violation = { check: string; detail: string };

const MONEY = `
  WITH orders AS (
    SELECT id, 'job' AS kind, state, eval_fee_sats * 1000 AS fee FROM job
    UNION ALL SELECT id, kind, state, 0 FROM session
    UNION ALL SELECT id, 'bootstrap', state, fee_sats * 1000 FROM bootstrap_order),
  owners AS (
    SELECT id::text AS owner, id FROM orders UNION ALL SELECT id::text, session_id FROM session_request),
  moved AS (
    SELECT o.id,
      coalesce(sum(amount_msat) FILTER (WHERE debit_kind IN ('escrow', 'held') AND credit_kind = 'revenue'), 0) AS earned,
      coalesce(sum(amount_msat) FILTER (WHERE debit_kind = 'in_flight' AND credit_kind = 'wallet'), 0) AS paid_out,
      coalesce(sum(amount_msat) FILTER (WHERE debit_kind = 'owed' AND credit_kind = 'prepaid'), 0) AS given
    FROM ledger_transfer t JOIN owners o ON o.owner = t.debit_owner GROUP BY 1),
  got AS (
    SELECT credit_owner AS owner, sum(amount_msat) AS got FROM ledger_transfer
    WHERE debit_kind = 'owed' AND credit_kind = 'prepaid' GROUP BY 1),
  has AS (
    SELECT o.id, coalesce(sum(balance_msat) FILTER (WHERE kind = 'escrow'), 0) AS escrow,
      coalesce(sum(balance_msat) FILTER (WHERE kind = 'owed'), 0) AS owed,
      coalesce(sum(balance_msat) FILTER (WHERE kind = 'in_flight'), 0) AS in_flight,
      coalesce(sum(balance_msat) FILTER (WHERE kind IN ('prepaid', 'held')), 0) AS balance
    FROM ledger_account a JOIN owners o USING (owner) GROUP BY 1),
  paid_in AS (
    SELECT order_id AS id, sum(credited_msat) AS credited,
      coalesce(sum(credited_msat) FILTER (WHERE purpose = 'work'), 0) AS for_work
    FROM invoice WHERE credited_msat IS NOT NULL GROUP BY 1),
  paid_back AS (
    SELECT p.order_id AS id, coalesce(sum(s.amount_msat), 0) AS really_paid,
      coalesce(sum(p.amount_sats) FILTER (WHERE p.state IN ('queued', 'sending')), 0) * 1000 AS on_its_way
    FROM payout p LEFT JOIN simulated_payment s USING (payment_hash) GROUP BY 1),
  money AS (
    SELECT o.id, o.kind, o.state, o.fee, coalesce(credited, 0) + coalesce(got, 0) AS credited,
      coalesce(for_work, 0) AS for_work, coalesce(on_its_way, 0) AS on_its_way,
      coalesce(really_paid, 0) AS really_paid, coalesce(earned, 0) AS earned, coalesce(paid_out, 0) AS paid_out,
      coalesce(given, 0) AS given, coalesce(escrow, 0) AS escrow, coalesce(owed, 0) AS owed,
      coalesce(in_flight, 0) AS in_flight, coalesce(balance, 0) AS balance
    FROM orders o LEFT JOIN moved USING (id) LEFT JOIN has USING (id) LEFT JOIN paid_in USING (id)
      LEFT JOIN paid_back USING (id) LEFT JOIN got ON got.owner = o.id::text)`;

/** What holds at every instant, whoever was just killed: each query finds what breaks it. */
const INVARIANTS: Readonly<Record<string, string>> = {
  "every sat that an order was paid is somewhere": `${MONEY}
    SELECT * FROM money WHERE credited <> escrow + balance + owed + in_flight + earned + paid_out + given`,
  "escrow holds what is being worked for, and nothing else": `${MONEY}
    SELECT * FROM money WHERE escrow <> CASE state WHEN 'evaluating' THEN fee WHEN 'provisioning' THEN fee
      WHEN 'executing' THEN for_work ELSE 0 END`,
  "only a session that is open has a balance": `${MONEY}
    SELECT * FROM money WHERE balance > 0 AND state <> 'active'
      AND NOT EXISTS (SELECT FROM session_request r WHERE r.session_id = money.id AND r.state = 'running')`,
  "in flight is what payouts carry": `${MONEY} SELECT * FROM money WHERE in_flight <> on_its_way`,
  "nobody is paid out more than was owed": `${MONEY}
    SELECT * FROM money WHERE really_paid > credited - earned - given OR paid_out > really_paid`,
  "a request of a session is charged once, or not at all": `
    WITH held AS (SELECT owner, balance_msat FROM ledger_account WHERE kind = 'held'),
    charged AS (
      SELECT debit_owner AS owner, count(DISTINCT event_key) AS times,
        coalesce(sum(amount_msat) FILTER (WHERE credit_kind = 'revenue'), 0) AS msat
      FROM ledger_transfer WHERE debit_kind = 'held' GROUP BY 1)
    SELECT r.id, r.state, r.held_sats, r.debited_sats, h.balance_msat, c.times, c.msat FROM session_request r
    LEFT JOIN held h ON h.owner = r.id::text LEFT JOIN charged c ON c.owner = r.id::text
    WHERE coalesce(h.balance_msat, 0) <> CASE r.state WHEN 'running' THEN r.held_sats * 1000 ELSE 0 END
      OR coalesce(c.msat, 0) <> r.debited_sats * 1000 OR coalesce(c.times, 0) > 1
      OR (r.state IN ('running', 'failed') AND r.debited_sats + r.absorbed_sats > 0)`,
  "one payment buys one answer": `
    SELECT s.id, count(*) FROM session s JOIN session_request r ON r.session_id = s.id
    WHERE s.kind = 'ask' GROUP BY 1 HAVING count(*) > 1`,
  "what the pool set aside is for what is being worked for": `
    SELECT u.order_id, u.state, u.sats, a.balance_msat, j.state AS job, r.state AS request FROM free_tier_use u
    FULL JOIN (SELECT owner, balance_msat FROM ledger_account WHERE kind = 'pool_reserved' AND balance_msat > 0) a
      ON a.owner = u.order_id::text
    LEFT JOIN job j ON j.id = u.order_id LEFT JOIN session_request r ON r.id = u.order_id
    WHERE coalesce(a.balance_msat, 0) <> CASE u.state WHEN 'reserved' THEN u.sats * 1000 ELSE 0 END
      OR (u.state = 'reserved' AND coalesce(j.state, r.state) NOT IN ('executing', 'running'))`,
  "what the pool granted is what was absorbed": `
    SELECT coalesce(g.order_id::text, t.owner) AS id, g.absorbed_sats, t.msat, r.absorbed_sats AS of_request FROM pool_grant g
    FULL JOIN (SELECT debit_owner AS owner, sum(amount_msat) AS msat FROM ledger_transfer
      WHERE debit_kind = 'pool_reserved' AND credit_kind = 'revenue' GROUP BY 1) t ON t.owner = g.order_id::text
    LEFT JOIN session_request r ON r.id = g.order_id
    WHERE g.absorbed_sats * 1000 IS DISTINCT FROM t.msat OR r.absorbed_sats <> g.absorbed_sats
    UNION ALL SELECT i.pubkey, i.absorbed_sats, sum(g.absorbed_sats), NULL FROM identity i
      LEFT JOIN pool_grant g USING (pubkey) GROUP BY 1, 2 HAVING i.absorbed_sats <> coalesce(sum(g.absorbed_sats), 0)`,
  "an order has one machine at most": `
    SELECT order_id, part, count(*) FROM outside.node_part GROUP BY 1, 2 HAVING count(*) > 1`,
  "a node that is ready stands, and its fee is earned": `${MONEY}
    SELECT m.id, m.state, m.fee, m.earned FROM money m WHERE m.kind = 'bootstrap' AND (
      m.earned <> CASE m.state WHEN 'ready' THEN m.fee ELSE 0 END
      OR (m.state = 'ready' AND NOT EXISTS (SELECT FROM outside.node_part p WHERE p.order_id = m.id::text AND p.part = 'server')))`,
  "every payment of the wallet is a payout's, once": `
    SELECT s.payment_hash, s.amount_msat, p.state, p.amount_sats FROM simulated_payment s
    LEFT JOIN payout p USING (payment_hash) LEFT JOIN simulated_invoice own USING (payment_hash)
    WHERE own.payment_hash IS NULL AND (p.id IS NULL OR p.amount_sats * 1000 <> s.amount_msat OR p.sends = 0
      OR p.state = 'failed')`,
  "a payout is paid only if the wallet paid it": `
    SELECT p.id, p.payment_hash FROM payout p LEFT JOIN simulated_payment s USING (payment_hash)
    WHERE p.state = 'paid' AND p.method <> 'session' AND s.payment_hash IS NULL`,
  "a payment is credited once, at what the wallet credited": `
    SELECT i.payment_hash, i.credited_msat, w.state, w.amount_msat,
      (SELECT sum(amount_msat) FROM ledger_transfer WHERE event_key = 'settled:' || i.payment_hash) AS booked
    FROM invoice i JOIN simulated_invoice w USING (payment_hash)
    WHERE i.state = 'settled' AND (w.state <> 'settled' OR i.credited_msat <> w.amount_msat OR w.amount_msat IS DISTINCT
      FROM (SELECT sum(amount_msat) FROM ledger_transfer WHERE event_key = 'settled:' || i.payment_hash))`,
  "each business event is in the books once": `
    SELECT event_key, line, count(*) FROM ledger_transfer GROUP BY 1, 2 HAVING count(*) > 1`,
  "of what excludes each other one is in the books": `
    SELECT split_part(event_key, ':', 2) AS id, array_agg(DISTINCT split_part(event_key, ':', 3)) AS events
    FROM ledger_transfer WHERE event_key LIKE 'job:%' OR event_key LIKE 'payout:%' OR event_key LIKE 'bootstrap:%' GROUP BY 1
    HAVING array_agg(DISTINCT split_part(event_key, ':', 3)) @> ARRAY['judged', 'judging-failed']
      OR array_agg(DISTINCT split_part(event_key, ':', 3)) @> ARRAY['work-done', 'work-failed']
      OR array_agg(DISTINCT split_part(event_key, ':', 3)) @> ARRAY['paid', 'failed']
      OR array_agg(DISTINCT split_part(event_key, ':', 3)) @> ARRAY['ready', 'failed']`,
  "who paid in time is not told that it expired": `
    SELECT o.id FROM (SELECT id, state FROM job UNION ALL SELECT id, state FROM session
      UNION ALL SELECT id, state FROM bootstrap_order) o
    JOIN ledger_transfer t ON t.debit_kind = 'wallet' AND t.credit_kind = 'owed' AND t.credit_owner = o.id::text
    WHERE o.state = 'expired'`,
  "a job was never charged more than was paid": `
    SELECT id, actual FROM job WHERE (actual ->> 'amountSats')::bigint > (actual ->> 'workAmountSats')::bigint`,
  "wallet and books agree to the msat": `
    WITH terms AS (SELECT
      (SELECT balance_msat FROM simulated_wallet) AS wallet,
      (SELECT coalesce(sum(CASE WHEN debit_kind = 'wallet' THEN amount_msat ELSE -amount_msat END), 0)
        FROM ledger_transfer WHERE 'wallet' IN (debit_kind, credit_kind)) AS ledger,
      (SELECT coalesce(sum(w.amount_msat), 0) FROM simulated_invoice w LEFT JOIN invoice i USING (payment_hash)
        WHERE w.state = 'settled' AND i.state IS DISTINCT FROM 'settled') AS settled_unbooked,
      (SELECT coalesce(sum(s.amount_msat), 0) FROM simulated_payment s JOIN payout p USING (payment_hash)
        WHERE p.state <> 'paid') AS sent_unbooked,
      (SELECT coalesce(sum(s.amount_msat), 0) FROM simulated_payment s JOIN invoice i USING (payment_hash)
        WHERE NOT EXISTS (SELECT FROM ledger_transfer WHERE event_key = 'dev-pay:' || s.payment_hash)) AS spent_unbooked,
      (SELECT CASE WHEN EXISTS (SELECT FROM ledger_transfer WHERE event_key = 'opening') THEN 0
        ELSE ${OPENING_SATS * 1000} END) AS unopened,
      (SELECT coalesce(sum(msat), 0) FROM outside.unbooked) AS meddled)
    SELECT * FROM terms
    WHERE wallet <> ledger + settled_unbooked - sent_unbooked - spent_unbooked + unopened + meddled`,
};
export const SNAPSHOT_CHECKS = Object.keys(INVARIANTS);

const Rows = z.array(z.record(z.string(), z.unknown()));

/** Asks all of it of one instant. */
export async function checkSnapshot(pool: pg.Pool): Promise<Violation[]> {
  const client = await pool.connect();
  try {
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    const violations: Violation[] = [];
    for (const [check, sql] of Object.entries(INVARIANTS)) {
      const rows = Rows.parse((await client.query(sql)).rows);
      for (const row of rows.slice(0, 3)) violations.push({ check, detail: JSON.stringify(row) });
    }
    await client.query("COMMIT");
    return violations;
  } finally {
    client.release();
  }
}
