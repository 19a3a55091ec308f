import { z } from "zod";
import type { Lane } from "./lane";
import { pick } from "./random";
import type { Violation } from "./snapshot";
import type { WayName } from "./ways";

/** The promise: what a dead process was at is taken over, or freed, within 10 s. */
const PROMISED_MS = 10_000;
const MOST_TRIES = 60;
/** These flows have something running most of the time. */
export const BUSY_WAYS: readonly WayName[] = ["slow", "slow", "slow", "slow", "streamed", "answerStreamed"];

/** Whose process no longer proves that it lives. */
const isGone = (id: string) => `NOT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND classid::bigint = x'7111'::bigint AND objid::bigint = hashtext(${id})::bigint & 4294967295)`;
/** What the dead left behind, and how often that has to be seen taken over. */
const ORPHANS = {
  task: {
    check: "a dead worker's task is taken over within 10 s",
    cases: 3,
    sql: `SELECT id::text || locked_by AS id FROM graphile_worker._private_jobs
      WHERE locked_by IS NOT NULL AND ${isGone("locked_by")}`,
  },
  request: {
    check: "what a dead process's request held is free within 10 s",
    cases: 2,
    sql: `SELECT id::text FROM session_request WHERE state = 'running' AND ${isGone("runner")}`,
  },
} as const;
type Kind = keyof typeof ORPHANS;
const KINDS = Object.keys(ORPHANS) as Kind[];
const Ids = z.array(z.object({ id: z.string() })).transform((rows) => new Set(rows.map(({ id }) => id)));
export const TAKEOVER_CHECKS = KINDS.map((kind) => ORPHANS[kind].check);

/**
 * Two servers at work, one is killed: the other takes its tasks, and frees what its requests held. Returns how long each
 * took, milliseconds. Whoever is killed while it holds nothing is no case.
 */
export async function takeOvers(lane: Lane, broken: (violation: Violation) => void): Promise<Record<Kind, number[]>> {
  const took: Record<Kind, number[]> = { task: [], request: [] };
  const { eventually } = lane.world;
  const orphans = async (kind: Kind) => Ids.parse((await lane.pool.query(ORPHANS[kind].sql)).rows);
  const isWanted = (kind: Kind) => took[kind].length < ORPHANS[kind].cases;

  async function measure(kind: Kind, since: number): Promise<void> {
    const left = await orphans(kind);
    if (left.size === 0) return;
    await eventually("what a dead process left is taken over", async () => {
      const still = await orphans(kind);
      return [...left].some((id) => still.has(id)) ? null : true;
    });
    took[kind].push(Date.now() - since);
  }

  for (let tries = 0; KINDS.some(isWanted) && tries < MOST_TRIES; tries += 1) {
    await eventually("two servers are up and nothing is left behind", async () => {
      const serving = [...lane.servers].filter(({ alive, origin }) => alive && origin);
      const left = await Promise.all(KINDS.map(orphans));
      return serving.length === 2 && left.every(({ size }) => size === 0) ? true : null;
    });
    await new Promise((resolve) => setTimeout(resolve, lane.world.next() * 1_000));
    const victim = pick([...lane.servers], lane.world.next);
    victim.kill();
    await victim.died;
    const since = Date.now();
    await Promise.all(KINDS.map((kind) => measure(kind, since)));
    lane.startServer();
  }
  for (const kind of KINDS) {
    const { check } = ORPHANS[kind];
    const slowest = Math.max(...took[kind]);
    if (isWanted(kind)) broken({ check, detail: `only ${took[kind].length} cases came about` });
    else if (slowest > PROMISED_MS) broken({ check, detail: `one took ${slowest} ms` });
  }
  return took;
}
