import { z } from "zod";
import { type App, startApp } from "./app";
import { startBare } from "./bare";
import { type Bench, dropDatabase } from "./bench";
import { visitor } from "./client";
import { figure, note, title } from "./report";
import { median } from "./spread";

const PARALLEL = 50;
const DEPOSIT_SATS = 100_000;
const REQUEST = "Write a haiku about a wizard who counts every coin";
/** A pace at which models write: then a call takes most of a second, as calls do. */
const PIECE_MS = 20;

/** What a caller waits for, milliseconds: the first piece of the answer, and the end of it. */
type Wait = { firstMs: number; totalMs: number };
type Ask = () => Promise<Wait>;

/**
 * (h) A request of a session beside the same two calls made to the model's server by oneself, one after the other: judge,
 * then work. All requests spend the balance of one session. Who asks, the app, Postgres and the model's server share the
 * machine, so with 50 that ask at once each of them also waits for the work of the others; a model that takes its time
 * leaves room for it, one that answers at once leaves none.
 */
export async function sessionOverhead(bench: Bench): Promise<void> {
  const [rounds, oneByOne] = bench.quick ? [2, 3] : [7, 20];
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
  const askSession = await openSession(app);
  await askSession();
  const askModel = await sameCalls(model.url);
  const control = (path: string, body: object) =>
    fetch(`${model.url}/${path}`, { method: "POST", body: JSON.stringify(body) });

  const kinds: { name: string; pieceMs: number | null; waitsFor(ask: Ask): Promise<Wait[]> }[] = [
    { name: "one by one", pieceMs: null, waitsFor: (ask) => inTurn(ask, oneByOne) },
    { name: `${PARALLEL} at once`, pieceMs: null, waitsFor: atOnce },
    { name: `${PARALLEL} at once, a piece every ${PIECE_MS} ms`, pieceMs: PIECE_MS, waitsFor: atOnce },
  ];
  const waits = kinds.map(() => ({ direct: [] as Wait[], session: [] as Wait[] }));
  for (let round = -1; round < rounds; round += 1) {
    for (const [at, { pieceMs, waitsFor }] of kinds.entries()) {
      await control("__reset", {});
      if (pieceMs !== null) {
        await control("__script", [{ purpose: "work", times: 2 * PARALLEL, fault: { kind: "slow", pieceMs } }]);
      }
      const direct = medianOf(await waitsFor(askModel));
      const session = medianOf(await waitsFor(askSession));
      if (round < 0) continue; // warming up
      waits[at]?.direct.push(direct);
      waits[at]?.session.push(session);
    }
  }
  note("medians of each round; overhead: the session's less that of the direct calls in the same round");
  for (const [at, { name }] of kinds.entries()) {
    const { direct, session } = waits[at] ?? { direct: [], session: [] };
    const atMost = at === 0 ? 10 : 30;
    for (const [key, what] of [
      ["firstMs", "first piece"],
      ["totalMs", "whole answer"],
    ] as const) {
      const of = (these: Wait[]) => these.map((wait) => wait[key]);
      figure(`${name}: ${what}, the model's server itself`, of(direct), " ms");
      figure(`${name}: ${what}, by a session`, of(session), " ms");
      const over = of(session).map((ms, round) => ms - (of(direct)[round] ?? Number.NaN));
      figure(`${name}: ${what}, overhead`, over, " ms", { atMost });
    }
  }
  await Promise.all([app.stop(), model.stop()]);
  await dropDatabase(databaseUrl);
}

async function inTurn(ask: Ask, times: number): Promise<Wait[]> {
  const waits: Wait[] = [];
  for (let time = 0; time < times; time += 1) waits.push(await ask());
  return waits;
}

const atOnce = (ask: Ask): Promise<Wait[]> => Promise.all(Array.from({ length: PARALLEL }, ask));

const medianOf = (waits: readonly Wait[]): Wait => ({
  firstMs: median(waits.map(({ firstMs }) => firstMs)),
  totalMs: median(waits.map(({ totalMs }) => totalMs)),
});

/** A session with a paid deposit, and how to ask it for an answer piece by piece. */
async function openSession(app: App): Promise<Ask> {
  const opened = await fetch(`${app.url}/api/sessions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ amountSats: DEPOSIT_SATS }),
  });
  const { sessionId, macaroon, depositInvoice } = z
    .object({ sessionId: z.string(), macaroon: z.string(), depositInvoice: z.object({ paymentHash: z.string() }) })
    .parse(await opened.json());
  await visitor(app.url).payStub(depositInvoice.paymentHash);
  const init = {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "text/event-stream",
      authorization: `Bearer ${macaroon}`,
    },
    body: JSON.stringify({ request: REQUEST }),
  };
  return async () => {
    const from = performance.now();
    const reply = await fetch(`${app.url}/api/sessions/${sessionId}/request`, init);
    return readPieces(reply, from, "event: delta", "event: done");
  };
}

/** The calls that the app just made, to be made again by a plain client. */
async function sameCalls(url: string): Promise<Ask> {
  const Calls = z.array(z.object({ purpose: z.string(), request: z.looseObject({}) }));
  const calls = Calls.parse(await (await fetch(`${url}/__calls`)).json());
  const initOf = (purpose: string) => ({
    method: "POST",
    headers: { "content-type": "application/json", "x-api-key": "test-key", "anthropic-version": "2023-06-01" },
    body: JSON.stringify(calls.find((call) => call.purpose === purpose)?.request),
  });
  const [judge, work] = [initOf("judge"), initOf("work")];
  return async () => {
    const from = performance.now();
    const judged = await fetch(`${url}/v1/messages`, judge);
    await judged.json();
    const reply = await fetch(`${url}/v1/messages`, work);
    return readPieces(reply, from, "text_delta", "message_stop");
  };
}

/** Reads to the end. Throws where the marks of a first piece and of a whole answer do not come. */
async function readPieces(reply: Response, from: number, first: string, last: string): Promise<Wait> {
  let text = "";
  let firstMs: number | null = null;
  const decoder = new TextDecoder();
  for await (const bytes of reply.body ?? []) {
    text += decoder.decode(bytes, { stream: true });
    if (firstMs === null && text.includes(first)) firstMs = performance.now() - from;
  }
  if (firstMs === null || !text.includes(last)) throw new Error(`no whole answer: ${reply.status} ${text}`);
  return { firstMs, totalMs: performance.now() - from };
}
