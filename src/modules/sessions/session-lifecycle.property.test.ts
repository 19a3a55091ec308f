import type pg from "pg";
import { test } from "vitest";
import { LIFE_OF_SESSIONS } from "~/testing/job-model/any-command";
import { liveThrough } from "~/testing/job-model/lives";
import { propertyRuns } from "~/testing/property-runs";
import { SESSION_MOVES } from "./session";

/** What becomes of requests, by who pays for them, beside the moves of the sessions. */
const ENDS = [
  ...["complete, paid by the visitor", "complete, paid by the pool alone", "complete, paid by both"],
  ...["rejected, paid by the visitor", "failed", "failed, its process dead", "running when its session was closed"],
  ...["a single answer, complete", "a single answer, rejected", "a single answer, failed"],
  ...["a deposit paid too late", "a top-up in time", "a top-up paid too late"],
  "a top-up that had run out paid, its session active",
  ...["change of a job into a session"],
  ...["change of a session into a session", "a closed session paid out"],
];
const COUNTED = `
  SELECT CASE WHEN s.kind = 'ask' THEN 'a single answer, ' || r.state
    WHEN r.state = 'complete' AND r.absorbed_sats > 0 THEN
      CASE WHEN r.debited_sats > 0 THEN 'complete, paid by both' ELSE 'complete, paid by the pool alone' END
    WHEN r.state = 'failed' AND r.error_message LIKE 'The server was stopped%' THEN 'failed, its process dead'
    WHEN r.state = 'failed' THEN 'failed'
    ELSE r.state || ', paid by the visitor' END AS what, count(*)::int AS n
  FROM session_request r JOIN session s ON s.id = r.session_id GROUP BY 1
  UNION ALL
  SELECT 'running when its session was closed', count(*)::int FROM ledger_transfer
  WHERE debit_kind = 'held' AND credit_kind = 'owed' AND credit_owner IN (SELECT id::text FROM session WHERE kind = 'session')
  UNION ALL
  SELECT CASE i.purpose WHEN 'deposit' THEN 'a deposit' ELSE 'a top-up' END
    || CASE t.credit_kind WHEN 'owed' THEN ' paid too late' ELSE ' in time' END, count(*)::int
  FROM invoice i JOIN ledger_transfer t ON t.event_key = 'settled:' || i.payment_hash
  WHERE i.order_kind = 'session' AND t.credit_kind IN ('owed', 'prepaid') GROUP BY 1
  UNION ALL
  SELECT 'a top-up that had run out paid, its session ' || of_session, count(*)::int FROM observed_late_topup GROUP BY 1
  UNION ALL
  SELECT 'change of a ' || order_kind || ' into a session', count(*)::int FROM payout WHERE method = 'session' GROUP BY 1
  UNION ALL
  SELECT 'a closed session paid out', count(*)::int FROM payout p JOIN session s ON s.id = p.order_id
  WHERE p.state = 'paid' AND p.method <> 'session' AND s.state = 'closed'`;

const rowOf = (kind: string, from: string, to: string) => `${kind}: ${from} → ${to}`;

async function count(pool: pg.Pool) {
  const { rows: moves } = await pool.query(
    'SELECT kind, "from", "to", count(*)::int AS n FROM observed_session_move GROUP BY 1, 2, 3',
  );
  const { rows: ends } = await pool.query(COUNTED);
  return {
    reached: [
      ...moves.map(({ kind, from, to, n }): [string, number] => [rowOf(kind, from, to), n]),
      ...ends.map(({ what, n }): [string, number] => [what, n]),
    ],
  };
}

test("whatever happens to sessions, among jobs, in whatever order: the model is right, no sat is lost", {
  timeout: 1_200_000,
}, async () => {
  const moves = ["session", "ask"].flatMap((kind) => SESSION_MOVES.map(({ from, to }) => rowOf(kind, from, to)));
  const rows = [...moves, ...ENDS];
  await liveThrough({ weights: LIFE_OF_SESSIONS, runs: propertyRuns(20, 120), rows, count });
});
