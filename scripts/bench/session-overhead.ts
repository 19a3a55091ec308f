import { setTimeout as pause } from "node:timers/promises";
import { startApp } from "./app";
import { startBare } from "./bare";
import { type Bench, dropDatabase } from "./bench";
import { figure, note, title } from "./report";
import { type Ask, openSession, sameCalls, type Wait } from "./session-asks";
import { median } from "./spread";

const PARALLEL = 50;
/** A quick model of today: it thinks so long before it judges, as long before the first word of its work, and then writes. */
const AS_IN_LIFE = { kind: "slow", thinkMs: 600, pieceMs: 20 };
/** No model is so quick: whatever is left is our processor's time, and that of whoever shares it. */
const AT_ONCE = { kind: "burst" };
const FOR_EVER = Number.MAX_SAFE_INTEGER;

type Kind = {
  name: string;
  session?: "an identity's";
  model: object;
  /** How all of them ask; what each of them waited for. */
  ask(ask: Ask): Promise<Wait[]>;
  atMostMs?: number;
};

/**
 * (h) A request of a session beside the same two calls made to the model's server by oneself, one after the other: judge,
 * then work. All requests of a round spend the balance of one session; the same server, in a process of its own, answers both
 * sides. A session of an identity is settled together with its trust.
 *
 * Many in parallel are compared under a model that takes its time, as models do, each of 50 clients asking anew as soon as
 * it has its answer: so 50 are under way at any moment, and the difference is what a visitor feels among 49 others. Under
 * a model that answers at once 50 clients only measure how long their queue for the processor is, which they share with the
 * app, Postgres and the model's server: that is told as requests a second. What is left out by that, 50 visitors who press
 * the button in the same instant, is told too.
 */
export async function sessionOverhead(bench: Bench): Promise<void> {
  const [rounds, oneByOne, each] = bench.quick ? [2, 3, 1] : [7, 30, 3];
  title(`(h) a request of a session over calling the model's server oneself, ${rounds} interleaved rounds`);
  const databaseUrl = await bench.database("bench_sessions");
  const model = await startBare(bench, "model/main.ts");
  const app = await startApp({
    DATA_DIR: bench.folder,
    DATABASE_URL: databaseUrl,
    ANTHROPIC_API_KEY: "test-key",
    ANTHROPIC_BASE_URL: model.url,
    EVAL_TIMEOUT_SECONDS: "60",
  });
  bench.atEnd(app.stop);
  await (await openSession(app.url))();
  const askModel = await sameCalls(model.url);
  const control = (path: string, body: object) =>
    fetch(`${model.url}/${path}`, { method: "POST", body: JSON.stringify(body) });

  const kinds: Kind[] = [
    { name: "one by one", model: AT_ONCE, ask: (ask) => inTurn(ask, oneByOne), atMostMs: 10 },
    {
      ...{ name: "one by one, an identity's", session: "an identity's", model: AT_ONCE, atMostMs: 10 },
      ask: (ask) => inTurn(ask, oneByOne),
    },
    { name: `${PARALLEL} under way`, model: AS_IN_LIFE, ask: (ask) => underWay(ask, each), atMostMs: 30 },
    { name: `${PARALLEL} in the same instant`, model: AS_IN_LIFE, ask: (ask) => together(() => ask()) },
  ];
  const waits = kinds.map(() => ({ direct: [] as Wait[], session: [] as Wait[] }));
  const perSecond = { direct: [] as number[], session: [] as number[] };
  for (let round = -1; round < rounds; round += 1) {
    // The most that may be paid in lasts for a round.
    const [askSession, askIdentitys] = [await openSession(app.url), await openSession(app.url, "an identity's")];
    for (const [at, { model: fault, session: whose, ask }] of kinds.entries()) {
      await control("__reset", {});
      await control("__script", [{ times: FOR_EVER, fault }]);
      const direct = medianOf(await ask(askModel));
      const session = medianOf(await ask(whose ? askIdentitys : askSession));
      if (round < 0) continue; // warming up
      waits[at]?.direct.push(direct);
      waits[at]?.session.push(session);
    }
    await control("__reset", {});
    await control("__script", [{ times: FOR_EVER, fault: AT_ONCE }]);
    const [direct, session] = [await rate(askModel, 5 * each), await rate(askSession, 5 * each)];
    if (round < 0) continue;
    perSecond.direct.push(direct);
    perSecond.session.push(session);
  }
  note(
    `one by one: the model answers at once. ${PARALLEL}: it thinks ${AS_IN_LIFE.thinkMs} ms before it judges, as long`,
  );
  note(
    `before it begins its work, then a word every ${AS_IN_LIFE.pieceMs} ms. "under way": at any moment, by as many clients;`,
  );
  note("medians of each round; overhead: the session's less that of the direct calls in the same round");
  for (const [at, { name, atMostMs }] of kinds.entries()) {
    const { direct, session } = waits[at] ?? { direct: [], session: [] };
    for (const [key, what] of [
      ["firstMs", "first piece"],
      ["totalMs", "whole answer"],
    ] as const) {
      const of = (these: Wait[]) => these.map((wait) => wait[key]);
      figure(`${name}: ${what}, the model's server itself`, of(direct), " ms");
      figure(`${name}: ${what}, by a session`, of(session), " ms");
      const over = of(session).map((ms, round) => ms - (of(direct)[round] ?? Number.NaN));
      figure(`${name}: ${what}, overhead`, over, " ms", atMostMs === undefined ? undefined : { atMost: atMostMs });
    }
  }
  figure(`as fast as ${PARALLEL} clients can: the two calls themselves`, perSecond.direct, " /s");
  figure(`as fast as ${PARALLEL} clients can: requests of a session`, perSecond.session, " /s");
  await Promise.all([app.stop(), model.stop()]);
  await dropDatabase(databaseUrl);
}

async function inTurn(ask: Ask, times: number): Promise<Wait[]> {
  const waits: Wait[] = [];
  for (let time = 0; time < times; time += 1) waits.push(await ask());
  return waits;
}

const together = <T>(client: (n: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: PARALLEL }, (_, n) => client(n)));

/**
 * Clients that begin one after the other within the time that a request takes, so that they stay apart as strangers do,
 * and each ask so many times. Their first and last requests are left out: not everybody is there then.
 */
async function underWay(ask: Ask, times: number): Promise<Wait[]> {
  const { totalMs } = await ask();
  const waits = await together(async (n) => {
    await pause((totalMs * n) / PARALLEL);
    return (await inTurn(ask, times + 2)).slice(1, -1);
  });
  return waits.flat();
}

/** How many a second come to their end where each client asks anew at once. */
async function rate(ask: Ask, times: number): Promise<number> {
  const from = performance.now();
  const waits = await together(() => inTurn(ask, times));
  return (waits.flat().length * 1000) / (performance.now() - from);
}

const medianOf = (waits: readonly Wait[]): Wait => ({
  firstMs: median(waits.map(({ firstMs }) => firstMs)),
  totalMs: median(waits.map(({ totalMs }) => totalMs)),
});
