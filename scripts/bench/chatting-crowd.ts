import { once } from "node:events";
import { Agent, type IncomingMessage, request } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { type App, startApp } from "./app";
import { type Bench, dropDatabase } from "./bench";
import { residentMegabytes } from "./memory";
import { processorSeconds } from "./processor-time";
import { figure, latency, note, title } from "./report";

/** What the limit per minute allows each of them. */
const LINES_EACH = 3;
/** Opened so many at a time: a listener's queue of new connections is not what is measured. */
const OPENING = 50;
const SETTLE_MS = 2_000;
const ALL_SEEN_MS = 60_000;
const LOOK_MS = 50;

const Answered = z.object({
  result: z.object({
    data: z.object({
      shared: z.boolean(),
      question: z.object({ seq: z.int() }).optional(),
      answer: z.object({ seq: z.int().optional(), text: z.string() }),
    }),
  }),
});
const Heard = z.object({ event: z.string(), seq: z.int().optional() });

/**
 * (m) So many visitors in one room on one process, each a client of its own that watches and says what it may: from the
 * saying until the last of them all has read it; that nobody missed a line or read one twice; and what it takes. Those
 * who talk and the process that serves them share the machine.
 */
export async function chattingCrowd(bench: Bench): Promise<void> {
  const [count, seconds] = bench.quick ? [20, 6] : [200, 60];
  const lines = count * LINES_EACH;
  title(`(m) ${count} chatting visitors on one process, ${lines} lines and as many answers in ${seconds} s`);
  const databaseUrl = await bench.database("bench_chat");
  const app = await startApp({ DATA_DIR: bench.folder, DATABASE_URL: databaseUrl, TRUST_PROXY: "1" });
  bench.atEnd(app.stop);
  const quietMegabytes = await residentMegabytes(app.pid);
  const crowd = await openCrowd(app, count);
  await pause(SETTLE_MS);
  const openedMegabytes = await residentMegabytes(app.pid);

  const before = await processorSeconds(app.pid);
  const from = performance.now();
  const megabytes: number[] = [];
  const sampling = setInterval(() => void residentMegabytes(app.pid).then((held) => megabytes.push(held)), 1_000);
  // One after the other through the whole time, and each visitor's own a third of it apart.
  const said = await Promise.all(
    Array.from({ length: lines }, async (_, n) => {
      await pause((n * seconds * 1000) / lines);
      return crowd.say(n % count, `Line ${n} of a long evening, Timmy. What do you make of it?`);
    }),
  );
  const seqs = said.flatMap(({ question, answer }) => [question, answer]).sort((one, other) => one - other);
  const times = await crowd.allHave(seqs);
  clearInterval(sampling);
  const tookSeconds = (performance.now() - from) / 1000;
  const usedSeconds = (await processorSeconds(app.pid)) - before;

  const lastMs = said.map(({ question, at }) => Math.max(...(times.get(question) ?? [])) - at);
  const eachMs = said.flatMap(({ question, at }) => (times.get(question) ?? []).map((heard) => heard - at));
  latency("from the saying to the last of all who read it", lastMs);
  latency("… to each of them", eachMs);
  note(`each of ${count} read each of ${seqs.length} lines once, in their order: nothing lost, nothing twice`);
  figure("processor time of the process, for each line and its answer", [(usedSeconds * 1000) / lines], " ms");
  figure("… of one core", [(usedSeconds / tookSeconds) * 100], " %");
  figure("memory of the process while they talk", megabytes, " MB");
  note(`memory: ${quietMegabytes.toFixed(0)} MB before they came, ${openedMegabytes.toFixed(0)} MB when all were in`);
  crowd.leave();
  await app.stop();
  await dropDatabase(databaseUrl);
}

/** Visitors who are all in and told how things stand. */
async function openCrowd(app: App, count: number) {
  const agent = new Agent({ maxSockets: Number.POSITIVE_INFINITY });
  const streams: IncomingMessage[] = [];
  /** Of each line when each visitor had read it. */
  const heard = new Map<number, number[]>();
  /** The newest line that each has read. */
  const newest: number[] = [];
  let fault: Error | null = null;
  let leaving = false;
  const fail = (words: string) => {
    if (!leaving) fault ??= new Error(words);
  };
  const address = (visitor: number) => ({
    "x-forwarded-for": `198.51.${100 + Math.floor(visitor / 250)}.${(visitor % 250) + 1}`,
  });

  function hear(visitor: number, seq: number): void {
    const before = newest[visitor];
    if (before !== undefined && seq <= before) fail(`visitor ${visitor} read line ${seq} after line ${before}`);
    newest[visitor] = seq;
    const times = heard.get(seq) ?? [];
    heard.set(seq, times);
    times.push(performance.now());
  }

  async function watch(visitor: number): Promise<void> {
    const asked = request(`${app.url}/api/trpc/workshop.watch?input=%7B%7D`, {
      agent,
      headers: { accept: "text/event-stream", ...address(visitor) },
    }).end();
    const [stream] = (await once(asked, "response")) as [IncomingMessage];
    if (stream.statusCode !== 200) throw new Error(`a visitor was turned away: ${stream.statusCode}`);
    streams.push(stream);
    stream.on("error", () => undefined); // leaving is no error
    stream.on("end", () => fail("a visitor was cut off"));
    stream.setEncoding("utf8");
    let text = "";
    await new Promise<void>((inside) => {
      stream.on("data", (piece: string) => {
        text += piece;
        const events = text.split("\n\n");
        text = events.pop() ?? ""; // an event may come in two parts
        for (const event of events) {
          if (event.includes('"pool:level"')) inside(); // the last of what whoever comes in is told
          const data = /^data: ?(\{.*"event":"chat".*\})$/m.exec(event)?.[1];
          const seq = data && Heard.parse(JSON.parse(data)).seq;
          if (seq) hear(visitor, seq); // a helper's remark has no number, and is not kept
        }
      });
    });
  }

  for (let opened = 0; opened < count; opened += OPENING) {
    const batch = Math.min(OPENING, count - opened);
    await Promise.all(Array.from({ length: batch }, (_, n) => watch(opened + n)));
  }
  return {
    /** When it was said, and the numbers that the line and its answer got. */
    async say(visitor: number, text: string): Promise<{ at: number; question: number; answer: number }> {
      const at = performance.now();
      const reply = await fetch(`${app.url}/api/trpc/workshop.say`, {
        method: "POST",
        headers: { "content-type": "application/json", ...address(visitor) },
        body: JSON.stringify({ text }),
      });
      const { data } = Answered.parse(await reply.json()).result;
      if (!data.question || !data.answer.seq) throw new Error(`a line was not taken: ${data.answer.text}`);
      return { at, question: data.question.seq, answer: data.answer.seq };
    },
    /** Waits until everybody has read all of these. Throws where anybody missed one, or read one twice. */
    async allHave(seqs: readonly number[]): Promise<ReadonlyMap<number, readonly number[]>> {
      const missing = () => seqs.filter((seq) => heard.get(seq)?.length !== count);
      const deadline = Date.now() + ALL_SEEN_MS;
      while (!fault && missing().length > 0) {
        if (Date.now() > deadline) {
          throw new Error(`${missing().length} of ${seqs.length} lines were not read by all ${count}`);
        }
        await pause(LOOK_MS);
      }
      if (fault) throw fault;
      return heard;
    },
    leave() {
      leaving = true;
      for (const stream of streams) stream.destroy();
      agent.destroy();
    },
  };
}
