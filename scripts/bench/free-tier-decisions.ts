import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { type Bench, dropDatabase } from "./bench";
import { decideOnce, IDENTITIES, makeIdentities, openClients, perSecond } from "./decider/decider";
import { figure, title } from "./report";
import { ratios } from "./spread";

const CLIENTS = 32;
const PROCESSES = [1, 2, 4];
const PER_SECOND = " /s";

const UPDATE = { name: "update", text: "UPDATE bare_account SET balance = balance - 1 WHERE id = 1" } as const;

/**
 * (g) Decisions of the free tier, each for an identity of its own and all of the one pool: decided, set aside in the
 * ledger and written down, beside a bare UPDATE of one row. Then the same clients spread over several processes.
 */
export async function freeTierDecisions(bench: Bench): Promise<void> {
  const [runs, seconds] = bench.quick ? [2, 1] : [7, 4];
  title(
    `(g) free-tier decisions on the one pool, ${IDENTITIES} identities, ${CLIENTS} clients, ${runs} interleaved runs of ${seconds} s each`,
  );
  const databaseUrl = await bench.database("bench_free_tier");
  const pool = openClients(databaseUrl, CLIENTS);
  await pool.query("CREATE TABLE bare_account (id int PRIMARY KEY, balance bigint NOT NULL)");
  await pool.query("INSERT INTO bare_account VALUES (1, 1000000000000)");
  await makeIdentities(pool);
  const spread = await Promise.all(PROCESSES.map((processes) => startProcesses(bench, databaseUrl, processes)));

  const decided: number[] = [];
  const updated: number[] = [];
  const apart = spread.map((): number[] => []);
  for (let run = -1; run < runs; run += 1) {
    const update = await perSecond(CLIENTS, seconds, () => pool.query(UPDATE));
    const decision = await perSecond(CLIENTS, seconds, () => decideOnce(pool));
    const each: number[] = [];
    for (const decide of spread) each.push(await decide(seconds));
    if (run < 0) continue; // warming up
    updated.push(update);
    decided.push(decision);
    for (const [n, figures] of apart.entries()) figures.push(each[n] ?? Number.NaN);
  }
  figure("free_tier_decide: budget, lifetime, pool, reservation", decided, PER_SECOND);
  figure("bare UPDATE of a single row", updated, PER_SECOND);
  figure("a decision beside the UPDATE", ratios(decided, updated), " ×", { atLeast: 0.7 });
  for (const [n, processes] of PROCESSES.entries()) {
    const name = `${processes} ${processes === 1 ? "process" : "processes"} of ${CLIENTS / processes} clients`;
    figure(name, apart[n] ?? [], PER_SECOND);
    figure(`${name}, beside one`, ratios(apart[n] ?? [], apart[0] ?? []), " ×");
  }
  await pool.end();
  await dropDatabase(databaseUrl);
}

/** So many processes that share the clients. The result has all of them decide for so long: how often a second in sum. */
async function startProcesses(bench: Bench, databaseUrl: string, processes: number) {
  const main = fileURLToPath(new URL("./decider/main.ts", import.meta.url));
  const parameters = [databaseUrl, String(CLIENTS / processes)];
  const children = Array.from({ length: processes }, () =>
    fork(main, parameters, { execArgv: ["--import", "tsx"], stdio: ["ignore", "inherit", "inherit", "ipc"] }),
  );
  bench.atEnd(async () => {
    for (const child of children) if (child.connected) child.disconnect();
  });
  await Promise.all(children.map(answer));
  return async (seconds: number): Promise<number> => {
    const answers = children.map(answer);
    for (const child of children) child.send(seconds);
    return (await Promise.all(answers)).map(Number).reduce((a, b) => a + b, 0);
  };
}

async function answer(child: ChildProcess): Promise<unknown> {
  const stop = new AbortController();
  const died = once(child, "exit", { signal: stop.signal }).then(([code]) => {
    throw new Error(`a process that decides ended with ${code}`);
  });
  died.catch(() => undefined); // when the answer came first
  const [said] = (await Promise.race([once(child, "message"), died])) as unknown[];
  stop.abort();
  return said;
}
