import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { freeTierFaults } from "~/testing/free-tier";
import { agree } from "~/testing/job-model/agreement";
import { anyCommand } from "~/testing/job-model/any-command";
import type { Model } from "~/testing/job-model/model";
import { anyEnding, toTheEnd } from "~/testing/job-model/to-the-end";
import { jobWorld, type World } from "~/testing/job-model/world";
import { propertyRuns } from "~/testing/property-runs";
import { JOB_MOVES } from "./job";

const LEAST_COMMANDS = 20;
const runs = propertyRuns(40, 300);
/** A few runs reach nearly every row of the table; more follow until each was reached, up to so many times as many. */
const MOST_BATCHES = 8;

const reached = new Map<string, number>(JOB_MOVES.map(({ from, event, to }) => [`${from} → ${to} (${event})`, 0]));
/** Work that came to its end, by whom it was paid. */
const [FREE, PART, DRY] = [
  "paid by the pool alone",
  "paid by pool and visitor",
  "part-free, and the pool dry at payment",
];
for (const way of [FREE, PART, DRY]) reached.set(way, 0);
const WAYS_OF_PAYING = `
  SELECT CASE WHEN (actual->>'shortfallSats')::int > 0 THEN '${DRY}'
    WHEN (actual->>'workAmountSats')::int = 0 THEN '${FREE}' ELSE '${PART}' END AS way, count(*)::int AS n
  FROM job WHERE state = 'complete' AND covered_sats > 0 GROUP BY 1`;
const payouts = new Map<string, number>();
const seeds: number[] = [];
let world: World | null = null;
let longRuns = 0;
let commands = 0;

const anyLife = fc.asyncProperty(
  fc.array(anyCommand, { minLength: 22, maxLength: 26, size: "max" }),
  anyEnding,
  async (list, ending) => {
    // A run that failed leaves a world behind in which nothing else can be right.
    world ??= await jobWorld();
    const real = world;
    const now = real.clock.now().getTime();
    const model: Model = { now, outage: null, jobs: [], identities: [], totals: real.totals, executed: 0 };
    try {
      await fc.asyncModelRun(() => ({ model, real }), list);
      await toTheEnd(model, real, ending);
      for (const job of model.jobs) await agree(model, real, job);
      expect(await freeTierFaults(real.shop)).toEqual([]);
    } catch (error) {
      await leave();
      throw error;
    }
    commands += model.executed;
    if (model.executed >= LEAST_COMMANDS) longRuns += 1;
  },
);

test("whatever happens to jobs in whatever order: the model is right, the books balance, no sat is lost", {
  timeout: 1_200_000,
}, async () => {
  do {
    await fc.assert(anyLife, {
      ...runs,
      reporter: (details) => {
        seeds.push(details.seed);
        if (details.failed) throw new Error(fc.defaultReportMessage(details), { cause: details.errorInstance });
      },
    });
    await leave();
  } while (Math.min(...reached.values()) === 0 && seeds.length < MOST_BATCHES && runs.seed === undefined);
  console.log(report());
  for (const [move, times] of reached) expect(times, `the row ${move} was never reached`).toBeGreaterThan(0);
  expect(longRuns).toBeGreaterThanOrEqual(runs.numRuns);
});

/** Counts what the database saw, and ends this world. */
async function leave(): Promise<void> {
  const left = world;
  world = null;
  if (!left) return;
  const { pool } = left.shop.db;
  const add = (counts: Map<string, number>, name: string, n: number) => counts.set(name, (counts.get(name) ?? 0) + n);
  const moves = await pool.query(
    'SELECT "from", "to", refused, count(*)::int AS n FROM observed_move GROUP BY 1, 2, 3',
  );
  for (const { from, to, refused, n } of moves.rows) {
    const among = JOB_MOVES.filter((row) => row.from === from && row.to === to);
    const move = among.find(({ event }) => (event === "workRefused") === refused) ?? among[0];
    add(reached, `${from} → ${to} (${move?.event ?? "no move of the table"})`, n);
  }
  const { rows: ways } = await pool.query(WAYS_OF_PAYING);
  for (const { way, n } of ways) add(reached, way, n);
  const sent = await pool.query("SELECT state, least(sends, 2) AS sends, count(*)::int AS n FROM payout GROUP BY 1, 2");
  for (const { state, sends, n } of sent.rows) add(payouts, `${state}, sent ${["never", "once", "again"][sends]}`, n);
  await left.close();
}
afterAll(leave);

const report = () => {
  const lines = (counts: Map<string, number>) =>
    [...counts].map(([what, times]) => `${String(times).padStart(6)}  ${what}`);
  return [
    `seed ${seeds.join(", ")}: ${runs.numRuns * seeds.length} runs, ${longRuns} of ${LEAST_COMMANDS} or more commands, ${commands} commands`,
    ...lines(reached),
    "payouts",
    ...lines(payouts),
  ].join("\n");
};
