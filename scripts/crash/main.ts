/**
 * `npm run test:crash`: kill -9 of the server at every named point and at random moments, again and again, with jobs,
 * sessions and nodes on every way in flight. Afterwards each is at its end, every sat in its place, nothing paid twice.
 * `-- --quick` dies once at each spot instead of twice, `-- --verbose` tells of each life, `-- --seed N` repeats a run's
 * choices, `-- --minutes N` goes on killing for so long on a machine that is slow.
 */
import { rmSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { startCoinGeckoServer } from "~/testing/coingecko-server";
import { cleanProcessEnv } from "../steps/clean-env.mjs";
import { inRoot } from "../steps/root.mjs";
import { openDatabases } from "./driver/database";
import { hurryOn } from "./driver/hurrying";
import { type Course, type Lane, laneSettings, openLane } from "./driver/lane";
import { liveAndDie } from "./driver/lives";
import { Needs } from "./driver/needs";
import { report } from "./driver/report";
import { compileAhead } from "./driver/server-process";
import { checkSettled } from "./driver/settle";
import type { Violation } from "./driver/snapshot";
import { BUSY_WAYS, takeOvers } from "./driver/takeover";
import { receiveVisitors, type Visits } from "./driver/visitors";
import type { WayName } from "./driver/ways";
import { bundleServer } from "./server-bundle";

const FEWEST_KILLS = 50;
const PROGRESS_MS = 15_000;

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    verbose: { type: "boolean", default: false },
    seed: { type: "string" },
    minutes: { type: "string", default: "11" },
  },
});
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
const longestKillingMs = Number(values.minutes) * 60_000;
const needs = new Needs(values.quick && !process.env.CI ? 1 : 2);
cleanProcessEnv();
rmSync(inRoot(".reports", "crash.json"), { force: true });
console.log(`killing servers, seed ${seed}: ${needs.spots.length} spots, each ${needs.times} times`);

const violations: Violation[] = [];
let closing = false;
const ended = new Map<WayName, number>();
const startedAt = Date.now();
const seconds = () => Math.round((Date.now() - startedAt) / 1000);

/** The first few of a kind tell it all, and after the first there is no use in going on. */
function broken(violation: Violation): void {
  if (closing) return;
  if (violations.filter(({ check }) => check === violation.check).length < 3) violations.push(violation);
}
const log = (line: string) => {
  if (values.verbose) console.log(`${seconds()} s: ${line}`);
};
const killing = () =>
  violations.length === 0 &&
  !needs.astray &&
  Date.now() - startedAt < longestKillingMs &&
  (needs.open().length > 0 || needs.kills < FEWEST_KILLS);

const databases = await openDatabases();
const prices = await startCoinGeckoServer({ usd: 100_000 });
const serverFile = await bundleServer();
const course: Course = {
  serverFile,
  writers: databases.writers,
  needs,
  priceUrl: prices.url,
};
await compileAhead(
  serverFile,
  laneSettings(await databases.make("crash_ahead"), "nobody", prices.url),
  databases.writers,
);
const lanes = [
  { lane: await openLane("alone", await databases.make("crash_alone"), course, seed), servers: 1 },
  { lane: await openLane("together", await databases.make("crash_together"), course, seed + 1), servers: 2 },
];
const progress = setInterval(() => {
  const open = needs.open();
  console.log(
    `${seconds()} s: ${needs.kills} kills, ${open.length} spots open${open.length < 8 ? `: ${open.join(", ")}` : ""}`,
  );
}, PROGRESS_MS);

try {
  await Promise.all(lanes.map(({ lane, servers }) => run(lane, servers)));
} catch (error) {
  broken({ check: "the run itself", detail: error instanceof Error ? (error.stack ?? error.message) : String(error) });
} finally {
  closing = true;
  clearInterval(progress);
  for (const { lane } of lanes) await lane.close();
  await prices.stop();
  await databases.stop();
  rmSync(dirname(serverFile), { recursive: true, force: true });
}
const isWell = report({ needs, violations, ended, seed });
console.log(`${seconds()} s`);
// Where something did not hold, visitors may still be waiting for what will not come.
process.exit(isWell ? 0 : 1);

/** One lane from its first server to its proof. */
async function run(lane: Lane, servers: number): Promise<void> {
  let wanted: ReturnType<Visits["wanted"]> = "any";
  const visitors = receiveVisitors({
    lane,
    needs,
    broken,
    ended,
    wanted: () => (violations.length > 0 ? "nobody" : wanted),
  });
  let waiting = true;
  const hurrying = hurryOn(lane, needs, killing, () => waiting && !closing);
  hurrying.catch(() => undefined); // awaited below, if it comes to that
  await Promise.all(
    Array.from({ length: servers }, async (_, at) => {
      await pause(at * 700); // so that they do not die in step
      await liveAndDie({ lane, needs, goOn: killing, broken, log });
    }),
  );
  lane.calmsDown();
  console.log(`${seconds()} s: ${lane.name}: no more kills at points`);
  if (servers > 1 && violations.length === 0) {
    wanted = BUSY_WAYS;
    const { task, request } = await takeOvers(lane, broken);
    lane.calmsDown(); // those were kills too
    console.log(`${seconds()} s: ${lane.name}: a killed server's tasks taken over after ${task.join(", ")} ms`);
    console.log(`${seconds()} s: ${lane.name}: what its requests held freed after ${request.join(", ")} ms`);
  }
  wanted = "missing";
  if (violations.length === 0) await visitors;
  waiting = false;
  await hurrying;
  if (violations.length > 0) return;
  console.log(`${seconds()} s: ${lane.name}: every visitor is through`);
  await checkSettled(lane, course.priceUrl, broken);
}
