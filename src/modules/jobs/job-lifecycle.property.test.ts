import type pg from "pg";
import { test } from "vitest";
import { LIFE_OF_JOBS } from "~/testing/job-model/any-command";
import { liveThrough } from "~/testing/job-model/lives";
import { propertyRuns } from "~/testing/property-runs";
import { JOB_MOVES } from "./job";

/** Work that came to its end, by whom it was paid. */
const [FREE, PART, DRY] = [
  "paid by the pool alone",
  "paid by pool and visitor",
  "part-free, and the pool dry at payment",
];
const WAYS_OF_PAYING = `
  SELECT CASE WHEN (actual->>'shortfallSats')::int > 0 THEN '${DRY}'
    WHEN (actual->>'workAmountSats')::int = 0 THEN '${FREE}' ELSE '${PART}' END AS way, count(*)::int AS n
  FROM job WHERE state = 'complete' AND covered_sats > 0 GROUP BY 1`;

const rowOf = ({ from, event, to }: { from: string; event: string; to: string }) => `${from} → ${to} (${event})`;

async function count(pool: pg.Pool) {
  const { rows: moves } = await pool.query(
    'SELECT "from", "to", refused, count(*)::int AS n FROM observed_move GROUP BY 1, 2, 3',
  );
  const { rows: ways } = await pool.query(WAYS_OF_PAYING);
  const { rows: sent } = await pool.query(
    "SELECT state, least(sends, 2) AS sends, count(*)::int AS n FROM payout WHERE method <> 'session' GROUP BY 1, 2",
  );
  return {
    reached: [
      ...moves.map(({ from, to, refused, n }): [string, number] => {
        const among = JOB_MOVES.filter((row) => row.from === from && row.to === to);
        const move = among.find(({ event }) => (event === "workRefused") === refused) ?? among[0];
        return [rowOf({ from, to, event: move?.event ?? "no move of the table" }), n];
      }),
      ...ways.map(({ way, n }): [string, number] => [way, n]),
    ],
    besides: sent.map(({ state, sends, n }): [string, number] => [
      `payouts ${state}, sent ${["never", "once", "again"][sends]}`,
      n,
    ]),
  };
}

test("whatever happens to jobs in whatever order: the model is right, the books balance, no sat is lost", {
  timeout: 1_200_000,
}, async () => {
  const rows = [...JOB_MOVES.map(rowOf), FREE, PART, DRY];
  await liveThrough({ weights: LIFE_OF_JOBS, runs: propertyRuns(40, 200), rows, count });
});
