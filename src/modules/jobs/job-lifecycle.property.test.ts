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
const reached = new Map<string, number>(JOB_MOVES.map(({ from, event, to }) => [`${from} → ${to} (${event})`, 0]));
let world: World | null = null;
let longRuns = 0;
let commands = 0;

test("whatever happens to jobs in whatever order: the model is right, the books balance, no sat is lost", {
  timeout: 1_200_000,
}, async () => {
  let seed = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyCommand, { minLength: 22, maxLength: 26, size: "max" }),
      anyEnding,
      async (list, ending) => {
        // A run that failed leaves a world behind in which nothing else can be right.
        world ??= await jobWorld();
        const real = world;
        const model: Model = {
          now: real.clock.now().getTime(),
          outage: null,
          jobs: [],
          totals: real.totals,
          executed: 0,
        };
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
    ),
    {
      ...runs,
      reporter: (details) => {
        seed = details.seed;
        if (details.failed) throw new Error(fc.defaultReportMessage(details), { cause: details.errorInstance });
      },
    },
  );
  await leave();
  console.log(report(seed));
  for (const [move, times] of reached) expect(times, `the row ${move} was never reached`).toBeGreaterThan(0);
  expect(longRuns).toBeGreaterThanOrEqual(runs.numRuns);
});

/** Counts what the database saw, and ends this world. */
async function leave(): Promise<void> {
  const left = world;
  world = null;
  if (!left) return;
  const { rows } = await left.shop.db.pool.query(
    'SELECT "from", "to", count(*)::int AS n FROM observed_move GROUP BY 1, 2',
  );
  for (const { from, to, n } of rows) {
    const move = JOB_MOVES.find((row) => row.from === from && row.to === to);
    const name = `${from} → ${to} (${move?.event ?? "no move of the table"})`;
    reached.set(name, (reached.get(name) ?? 0) + n);
  }
  await left.close();
}
afterAll(leave);

const report = (seed: number) =>
  [
    `seed ${seed}: ${runs.numRuns} runs, ${longRuns} of ${LEAST_COMMANDS} or more commands, ${commands} commands`,
    ...[...reached].map(([move, times]) => `${String(times).padStart(6)}  ${move}`),
  ].join("\n");
