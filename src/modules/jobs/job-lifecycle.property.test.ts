import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
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
    const model: Model = { now: real.clock.now().getTime(), outage: null, jobs: [], totals: real.totals, executed: 0 };
    try {
      await fc.asyncModelRun(() => ({ model, real }), list);
      await toTheEnd(model, real, ending);
      for (const job of model.jobs) await agree(model, real, job);
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
  const moves = await pool.query('SELECT "from", "to", count(*)::int AS n FROM observed_move GROUP BY 1, 2');
  for (const { from, to, n } of moves.rows) {
    const move = JOB_MOVES.find((row) => row.from === from && row.to === to);
    add(reached, `${from} → ${to} (${move?.event ?? "no move of the table"})`, n);
  }
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
