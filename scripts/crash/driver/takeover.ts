import { z } from "zod";
import type { Lane } from "./lane";
import { pick } from "./random";
import type { Violation } from "./snapshot";

/** The promise: a dead worker's task is taken over within 10 s. */
const PROMISED_MS = 10_000;
const MOST_TRIES = 40;

/** Tasks that are held by a worker that no longer proves that it lives. */
const ORPHANS = `
  SELECT id::text, locked_by FROM graphile_worker._private_jobs
  WHERE locked_by IS NOT NULL AND NOT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND classid::bigint = x'7111'::bigint AND objid::bigint = hashtext(locked_by)::bigint & 4294967295)`;
const Orphans = z.array(z.object({ id: z.string(), locked_by: z.string() }));

/**
 * Two servers at work, one is killed: the other takes its tasks. Returns how long each took, milliseconds. Whoever is
 * killed while it holds no task is no case.
 */
export async function takeOvers(lane: Lane, cases: number, broken: (violation: Violation) => void): Promise<number[]> {
  const took: number[] = [];
  const { eventually } = lane.world;
  const orphans = async () => Orphans.parse((await lane.pool.query(ORPHANS)).rows);
  for (let tries = 0; took.length < cases && tries < MOST_TRIES; tries += 1) {
    await eventually("two servers are up and nothing is left behind", async () => {
      const serving = [...lane.servers].filter(({ alive, origin }) => alive && origin);
      return serving.length === 2 && (await orphans()).length === 0 ? true : null;
    });
    await new Promise((resolve) => setTimeout(resolve, lane.world.next() * 1_000));
    const victim = pick([...lane.servers], lane.world.next);
    victim.kill();
    await victim.died;
    const since = Date.now();
    const left = await orphans();
    if (left.length > 0) {
      await eventually("a dead worker's tasks are taken over", async () => {
        const still = await orphans();
        return left.some(({ id, locked_by }) => still.some((task) => task.id === id && task.locked_by === locked_by))
          ? null
          : true;
      });
      took.push(Date.now() - since);
    }
    lane.startServer();
  }
  const slowest = Math.max(...took);
  if (took.length < cases) broken({ check: TAKEN_OVER, detail: `only ${took.length} cases came about` });
  else if (slowest > PROMISED_MS) broken({ check: TAKEN_OVER, detail: `one took ${slowest} ms` });
  return took;
}
export const TAKEN_OVER = "a dead worker's task is taken over within 10 s";
