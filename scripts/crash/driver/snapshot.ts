import type pg from "pg";
import { z } from "zod";
import { OPENING_SATS } from "../outside/visitors-wallet";

/** A violation: which invariant, and what of it. */
export type Violation = { check: string; detail: string };

const MONEY = `
  WITH moved AS (
    SELECT debit_owner AS owner,
      coalesce(sum(amount_msat) FILTER (WHERE debit_kind = 'escrow' AND credit_kind = 'revenue'), 0) AS earned,
      coalesce(sum(amount_msat) FILTER (WHERE debit_kind = 'in_flight' AND credit_kind = 'wallet'), 0) AS paid_out
    FROM ledger_transfer WHERE debit_owner <> '' GROUP BY 1),
  held AS (
    SELECT owner, coalesce(sum(balance_msat) FILTER (WHERE kind = 'escrow'), 0) AS escrow,
      coalesce(sum(balance_msat) FILTER (WHERE kind = 'owed'), 0) AS owed,
      coalesce(sum(balance_msat) FILTER (WHERE kind = 'in_flight'), 0) AS in_flight
    FROM ledger_account GROUP BY 1),
  money AS (
    SELECT j.id, j.state, j.eval_fee_sats * 1000 AS fee,
      coalesce((SELECT sum(credited_msat) FROM invoice WHERE order_id = j.id), 0) AS credited,
      coalesce((SELECT sum(amount_sats) * 1000 FROM payout WHERE order_id = j.id AND state IN ('queued', 'sending')), 0)
        AS on_its_way,
      coalesce((SELECT sum(s.amount_msat) FROM payout p JOIN simulated_payment s USING (payment_hash)
        WHERE p.order_id = j.id), 0) AS really_paid,
      coalesce(earned, 0) AS earned, coalesce(paid_out, 0) AS paid_out, coalesce(escrow, 0) AS escrow,
      coalesce(owed, 0) AS owed, coalesce(in_flight, 0) AS in_flight
    FROM job j LEFT JOIN moved ON moved.owner = j.id::text LEFT JOIN held ON held.owner = j.id::text)`;

/** What holds at every instant, whoever was just killed: each query finds what breaks it. */
const INVARIANTS: Readonly<Record<string, string>> = {
  "every sat that a job was paid is somewhere": `${MONEY}
    SELECT * FROM money WHERE credited <> escrow + owed + in_flight + earned + paid_out`,
  "escrow holds what is being worked for, and nothing else": `${MONEY}
    SELECT * FROM money WHERE CASE state WHEN 'evaluating' THEN escrow <> fee WHEN 'executing' THEN escrow <= 0
      ELSE escrow <> 0 END`,
  "in flight is what payouts carry": `${MONEY} SELECT * FROM money WHERE in_flight <> on_its_way`,
  "nobody is paid out more than was owed": `${MONEY}
    SELECT * FROM money WHERE really_paid > credited - earned OR paid_out > really_paid`,
  "every payment of the wallet is a payout's, once": `
    SELECT s.payment_hash, s.amount_msat, p.state, p.amount_sats FROM simulated_payment s
    LEFT JOIN payout p USING (payment_hash) LEFT JOIN simulated_invoice own USING (payment_hash)
    WHERE own.payment_hash IS NULL AND (p.id IS NULL OR p.amount_sats * 1000 <> s.amount_msat OR p.sends = 0
      OR p.state = 'failed')`,
  "a payout is paid only if the wallet paid it": `
    SELECT p.id, p.payment_hash FROM payout p LEFT JOIN simulated_payment s USING (payment_hash)
    WHERE p.state = 'paid' AND s.payment_hash IS NULL`,
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
    FROM ledger_transfer WHERE event_key LIKE 'job:%' OR event_key LIKE 'payout:%' GROUP BY 1
    HAVING array_agg(DISTINCT split_part(event_key, ':', 3)) @> ARRAY['judged', 'judging-failed']
      OR array_agg(DISTINCT split_part(event_key, ':', 3)) @> ARRAY['work-done', 'work-failed']
      OR array_agg(DISTINCT split_part(event_key, ':', 3)) @> ARRAY['paid', 'failed']`,
  "who paid in time is not told that it expired": `
    SELECT j.id FROM job j JOIN ledger_transfer t ON t.debit_kind = 'wallet' AND t.credit_kind = 'owed'
      AND t.credit_owner = j.id::text WHERE j.state = 'expired'`,
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
