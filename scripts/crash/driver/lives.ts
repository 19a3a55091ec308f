import { emptyQueuesNames } from "./faults";
import type { Lane } from "./lane";
import type { Needs } from "./needs";
import type { Death, ServerProcess } from "./server-process";
import { checkSnapshot, type Violation } from "./snapshot";

/** A server that has served so long without coming to an open spot is killed wherever it is. */
const LONGEST_LIFE_MS = 12_000;
/** A life that ends at no named point ends after at most so long, counted from its start: also before it serves. */
const LONGEST_RANDOM_LIFE_MS = 4_000;
/** Every so many lives one ends at a random moment. */
const RANDOM_EVERY = 12;
/** Every so many lives payouts are held back, while that is still to be died at. */
const HELD_EVERY = 7;
const QUEUE_NAMES = ["commit sql _private_known_crontabs", "commit sql _private_tasks"];
const WATCH_MS = 20;

export type Lives = {
  lane: Lane;
  needs: Needs;
  /** Whether servers are still to be killed. */
  goOn: () => boolean;
  broken: (violation: Violation) => void;
  /** Told of each life. */
  log: (line: string) => void;
};

/** Starts a server, lets it die, checks the books, and again. Returns with one running that is not to be killed. */
export async function liveAndDie({ lane, needs, goOn, broken, log }: Lives): Promise<void> {
  const { next } = lane.world;
  for (let life = 1; goOn(); life += 1) {
    const queueIsNew = QUEUE_NAMES.some((point) => needs.isOpen(point));
    if (queueIsNew && lane.servers.size === 0) await emptyQueuesNames(lane.world);
    const held = needs.isOpen("commit payout-sending.hold") && life % HELD_EVERY === 0;
    const server = lane.startServer(held ? { PAYOUTS: "off" } : {});
    if (life % RANDOM_EVERY === 0) killAfter(server, next() * LONGEST_RANDOM_LIFE_MS, goOn);
    else {
      server.arm(needs.arms(next));
      void server.ready.then(() => killAfter(server, LONGEST_LIFE_MS, goOn));
    }
    const startedAt = Date.now();
    const death = await server.died;
    log(`${lane.name} ${life}: ${death.spot ?? "anywhere"}, after ${Date.now() - startedAt} ms`);
    judge(death, server, broken);
    needs.hit(death.spot);
    // What another server was told to die at may have been died at often enough now.
    for (const other of lane.servers) if (other.armed) other.arm(needs.arms(next));
    const t0 = Date.now();
    for (const violation of await checkSnapshot(lane.pool)) broken(violation);
    log(`snapshot ${Date.now() - t0} ms`);
  }
  await lane.startServer().ready;
}

/** Kills it after so long, or as soon as no more are to be killed. */
function killAfter(server: ServerProcess, ms: number, goOn: () => boolean): void {
  const deadline = Date.now() + ms;
  const timer = setInterval(() => {
    if (Date.now() >= deadline || !goOn()) server.kill();
  }, WATCH_MS);
  void server.died.then(() => clearInterval(timer));
}

/** A server ends by SIGKILL or not at all. */
function judge({ killed }: Death, server: ServerProcess, broken: Lives["broken"]): void {
  if (!killed) broken({ check: "no server ends by itself", detail: server.printed.slice(-20).join("\n") });
  for (const line of server.printed)
    if (/ error: /.test(line)) broken({ check: "no server meets an error", detail: line });
}
