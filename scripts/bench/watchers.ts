import { once } from "node:events";
import { Agent, type IncomingMessage, request } from "node:http";
import pg from "pg";
import { type App, startApp } from "./app";
import { type Bench, dropDatabase } from "./bench";
import { type Job, visitor } from "./client";
import { residentMegabytes } from "./memory";
import { figure, latency, note, title } from "./report";

/** Opened so many at a time: a listener's queue of new connections is not what is measured. */
const OPENING = 100;
const ALL_HEARD_MS = 60_000;
const SETTLE_MS = 1_000;

/** As the app announces a change of a job. */
const CHANGE = {
  name: "change",
  text: `
    WITH numbered AS (UPDATE job SET event_seq = event_seq + 1 WHERE id = ANY($1::uuid[]) RETURNING id, event_seq),
    kept AS (
      INSERT INTO job_event (job_id, seq, type, data)
      SELECT id, event_seq, 'state', '{}' FROM numbered RETURNING job_id)
    SELECT pg_notify('job', job_id::text) FROM kept`,
} as const;

/**
 * (j) Many watchers on one process, all of one job and each of a job of its own: from the commit that notifies until the
 * last one has read the change, and what a watcher takes of memory. Who watches and who is watched share the machine.
 */
export async function watchers(bench: Bench): Promise<void> {
  const [count, rounds] = bench.quick ? [200, 2] : [2000, 7];
  title(`(j) ${count} SSE watchers on one process, ${rounds} rounds`);
  const databaseUrl = await bench.database("bench_watchers");
  const app = await startApp({
    DATA_DIR: bench.folder,
    DATABASE_URL: databaseUrl,
    SSE_MAX_PER_CLIENT: "1000000",
    INVOICE_EXPIRY_SECONDS: "3600",
  });
  bench.atEnd(app.stop);
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
  pool.on("error", () => undefined); // the end of the database is no error
  const jobs = await makeJobs(app, count);
  const one = jobs.slice(0, 1);

  for (const [name, watched] of [
    ["all of one job", one],
    ["each of a job of its own", jobs],
  ] as const) {
    const before = await residentMegabytes(app.pid);
    const crowd = await openCrowd(app, watched, count);
    await settle();
    const held = (await residentMegabytes(app.pid)) - before;
    const lastMs: number[] = [];
    const eachMs: number[] = [];
    for (let round = -1; round < rounds; round += 1) {
      const heard = crowd.nextHeard();
      const from = performance.now();
      await pool.query({ ...CHANGE, values: [watched.map(({ jobId }) => jobId)] });
      const took = (await heard).map((at) => at - from);
      if (round < 0) continue; // warming up
      lastMs.push(Math.max(...took));
      eachMs.push(...took);
    }
    figure(`${name}: from the statement that notifies to the last one`, lastMs, " ms");
    latency(`${name}: … to each of them`, eachMs);
    figure(`${name}: memory for each, opened`, [(held * 1000) / count], " kB");
    const after = (await residentMegabytes(app.pid)) - before;
    figure(`${name}: memory for each, after ${rounds + 1} changes`, [(after * 1000) / count], " kB");
    crowd.leave();
    await settle();
  }
  note("memory: growth of the resident set, garbage not yet collected included; the second kind grows on the first's");
  await pool.end();
  await app.stop();
  await dropDatabase(databaseUrl);
}

const settle = () => new Promise((resolve) => setTimeout(resolve, SETTLE_MS));

async function makeJobs(app: App, count: number): Promise<Job[]> {
  const client = visitor(app.url);
  const jobs: Job[] = [];
  while (jobs.length < count) {
    const batch = Array.from({ length: Math.min(OPENING, count - jobs.length) }, () => client.ask("Watch this"));
    jobs.push(...(await Promise.all(batch)));
  }
  return jobs;
}

/** Connections that each watch a job, as the page does; all have been told how it stands. */
async function openCrowd(app: App, watched: readonly Job[], count: number) {
  const agent = new Agent({ maxSockets: Number.POSITIVE_INFINITY });
  const streams: IncomingMessage[] = [];
  let hearing = 0;
  let times: number[] = [];
  let all: (times: number[]) => void = () => undefined;
  let broken: (error: Error) => void = () => undefined;

  const nextHeard = (): Promise<number[]> => {
    hearing = 0;
    times = [];
    return new Promise((resolve, reject) => {
      const impatient = setTimeout(
        () => reject(new Error(`only ${hearing} of ${count} watchers heard of it`)),
        ALL_HEARD_MS,
      );
      all = (heard) => {
        clearTimeout(impatient);
        resolve(heard);
      };
      broken = reject;
    });
  };

  async function watch(job: Job | undefined): Promise<void> {
    const input = encodeURIComponent(JSON.stringify({ jobId: job?.jobId }));
    const asked = request(`${app.url}/api/trpc/jobs.watch?input=${input}`, {
      agent,
      headers: { accept: "text/event-stream" },
    }).end();
    const [stream] = (await once(asked, "response")) as [IncomingMessage];
    if (stream.statusCode !== 200) throw new Error(`a watcher was turned away: ${stream.statusCode}`);
    streams.push(stream);
    stream.on("error", () => undefined); // leaving is no error
    stream.on("end", () => broken(new Error("a watcher was cut off")));
    let text = "";
    const first = new Promise<void>((resolve) => {
      stream.on("data", (bytes: Buffer) => {
        text += bytes.toString("latin1");
        // An event may come in two parts.
        for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
          const event = text.slice(0, end);
          text = text.slice(end + 2);
          if (!event.includes('"type":"state"')) continue;
          resolve();
          hearing += 1;
          times.push(performance.now());
          if (hearing === count) all(times);
        }
      });
    });
    await first;
  }

  for (let opened = 0; opened < count; opened += OPENING) {
    const batch = Array.from({ length: Math.min(OPENING, count - opened) }, (_, n) =>
      watch(watched[(opened + n) % watched.length]),
    );
    await Promise.all(batch);
  }
  return {
    /** When each has heard of the next change, once all have. */
    nextHeard,
    leave() {
      broken = () => undefined;
      for (const stream of streams) stream.destroy();
      agent.destroy();
    },
  };
}
