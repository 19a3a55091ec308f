import fc from "fast-check";
import type pg from "pg";
import { expect } from "vitest";
import { freeTierFaults } from "../free-tier";
import type { propertyRuns } from "../property-runs";
import { agree } from "./agreement";
import { anyCommand, type Kind, type Weights } from "./any-command";
import { type Model, ordersOf } from "./model";
import { anyEnding, toTheEnd } from "./to-the-end";
import { jobWorld, type World } from "./world";

const LEAST_COMMANDS = 20;
/** A few runs reach nearly every row of a table; more follow until each was reached, up to so many times as many. */
const MOST_BATCHES = 16;

type Counts = [what: string, times: number][];
export type Lives = {
  weights: Weights;
  runs: ReturnType<typeof propertyRuns>;
  /** What has to be reached in the course of all runs. */
  rows: readonly string[];
  /** How often each was, and what else is worth telling, by the database of a world that ends. */
  count(pool: pg.Pool): Promise<{ reached: Counts; besides?: Counts }>;
};

/** Lives through random commands, each life to its end, until everything was reached. Tells what was. */
export async function liveThrough({ weights, runs, rows, count }: Lives): Promise<void> {
  const reached = new Map(rows.map((row) => [row, 0]));
  const besides = new Map<string, number>();
  const kinds = new Map<Kind, number>((Object.keys(weights) as Kind[]).map((kind) => [kind, 0]));
  const seeds: number[] = [];
  let world: World | null = null;
  let [longRuns, commands] = [0, 0];

  /** Counts what the database saw, and ends this world. */
  async function leave(): Promise<void> {
    const left = world;
    world = null;
    if (!left) return;
    const counts = await count(left.shop.db.pool);
    for (const [what, times] of counts.reached) reached.set(what, (reached.get(what) ?? 0) + times);
    for (const [what, times] of counts.besides ?? []) besides.set(what, (besides.get(what) ?? 0) + times);
    await left.close();
  }

  const anyLife = fc.asyncProperty(
    fc.array(
      anyCommand(weights, (kind) => kinds.set(kind, (kinds.get(kind) ?? 0) + 1)),
      { minLength: 22, maxLength: 26, size: "max" },
    ),
    anyEnding,
    async (list, ending) => {
      // A run that failed leaves a world behind in which nothing else can be right.
      world ??= await jobWorld();
      const real = world;
      const model = newModel(real);
      try {
        await fc.asyncModelRun(() => ({ model, real }), list);
        await toTheEnd(model, real, ending);
        for (const order of ordersOf(model)) await agree(model, real, order);
        expect(await freeTierFaults(real.shop)).toEqual([]);
      } catch (error) {
        await leave();
        throw error;
      }
      commands += model.executed;
      if (model.executed >= LEAST_COMMANDS) longRuns += 1;
    },
  );

  const missing = () => [...reached, ...kinds].filter(([, times]) => times === 0).map(([what]) => what);
  do {
    await fc.assert(anyLife, {
      ...runs,
      reporter: (details) => {
        seeds.push(details.seed);
        if (details.failed) throw new Error(fc.defaultReportMessage(details), { cause: details.errorInstance });
      },
    });
    await leave();
  } while (missing().length > 0 && seeds.length < MOST_BATCHES && runs.seed === undefined);

  const all = runs.numRuns * seeds.length;
  const lines = (counts: Map<string, number>) =>
    [...counts].map(([what, times]) => `${String(times).padStart(6)}  ${what}`);
  console.log(
    [
      `seed ${seeds.join(", ")}: ${all} runs, ${longRuns} of ${LEAST_COMMANDS} or more commands, ${commands} commands`,
      ...lines(reached),
      ...lines(besides),
      [...kinds].map(([kind, times]) => `${kind} ${times}`).join(", "),
    ].join("\n"),
  );
  expect(missing(), "what was never reached").toEqual([]);
  expect(longRuns, "runs that are long enough").toBe(all);
}

const newModel = ({ clock, totals }: World): Model => ({
  ...{ now: clock.now().getTime(), outage: null, totals, executed: 0 },
  ...{ jobs: [], sessions: [], requests: [], identities: [] },
});
