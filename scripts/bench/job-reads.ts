import { type App, startApp } from "./app";
import { startBare } from "./bare";
import { BARE_ROUTE, startBareNext } from "./bare-next";
import { type Bench, dropDatabase } from "./bench";
import { visitor } from "./client";
import { CONNECTIONS, requestsPerSecond } from "./load";
import { watchMemory } from "./memory";
import { figure, note, title } from "./report";
import { ratios } from "./spread";

const PER_SECOND = " /s";

/**
 * (b) How often a second a job can be read, and (e) how much memory that takes.
 *
 * Everything shares the machine's cores: the load, Postgres and whoever answers, so each side pays for the load too. The
 * app runs as `npm start` does, a smaller young generation included; the others with what Node and Next do by
 * themselves. Nobody logs a request. Jobs that are asked for at the same moment are read by one statement, which is how
 * the app can be ahead of a statement for each request; so that this is no answer shared, every connection has a job of
 * its own.
 */
export async function jobReads(bench: Bench): Promise<void> {
  const [rounds, seconds] = bench.quick ? [2, 1] : [7, 4];
  title(
    `(b) GET /api/jobs/:id, ${CONNECTIONS} connections, ${rounds} interleaved rounds of ${seconds} s each; (e) memory under that load`,
  );
  const databaseUrl = await bench.database("bench_reads");
  const app = await startApp({ DATA_DIR: bench.folder, DATABASE_URL: databaseUrl, INVOICE_EXPIRY_SECONDS: "3600" });
  bench.atEnd(app.stop);
  const paths = await makeJobs(app);
  note("each connection reads a job of its own; load, Postgres and servers share the machine, nobody logs requests");
  note("building the bare Next app …");
  const next = await startBareNext(bench);
  bench.atEnd(next.stop);
  const join = await startBare(bench, "bare-join.mjs", databaseUrl);

  const read = { complete: [] as number[], waiting: [] as number[] };
  const joined = { complete: [] as number[], waiting: [] as number[] };
  const constant: number[] = [];
  for (let round = -1; round < rounds; round += 1) {
    const warm = round >= 0;
    for (const which of ["complete", "waiting"] as const) {
      const ours = await requestsPerSecond(app.url, paths[which], seconds);
      const theirs = await requestsPerSecond(join.url, paths[which], seconds);
      if (!warm) continue;
      read[which].push(ours);
      joined[which].push(theirs);
    }
    const bare = await requestsPerSecond(next.url, [BARE_ROUTE], seconds);
    if (warm) constant.push(bare);
  }
  // By itself at the end, where it was loaded longest: to look through /proc takes time, which would be the app's alone.
  const memory = watchMemory(app.pid);
  for (const which of ["complete", "waiting"] as const) await requestsPerSecond(app.url, paths[which], seconds);
  const megabytes = await memory.stop();

  figure("the app, a complete job", read.complete, PER_SECOND);
  figure("the app, a job waiting for payment", read.waiting, PER_SECOND);
  figure("a bare Next route handler answering a constant", constant, PER_SECOND);
  figure("node:http with one prepared join on pg, complete job", joined.complete, PER_SECOND);
  figure("node:http with one prepared join on pg, waiting job", joined.waiting, PER_SECOND);
  for (const which of ["complete", "waiting"] as const) {
    figure(`${which} job beside the bare Next route handler`, ratios(read[which], constant), " ×", { atLeast: 4 });
    figure(`${which} job beside node:http and pg`, ratios(read[which], joined[which]), " ×", { atLeast: 0.6 });
  }
  if (megabytes.length > 0) {
    figure("(e) memory of the app's processes under that load", megabytes, " MB", { atMost: 300 });
    figure("(e) … and the most of it", [Math.max(...megabytes)], " MB", { atMost: 300 });
  } else note("(e) memory: not measured, there is no /proc here");

  await Promise.all([app.stop(), next.stop(), join.stop()]);
  await dropDatabase(databaseUrl);
}

/** For each connection a job taken all the way, and one that waits for the payment of its work. */
async function makeJobs(app: App): Promise<{ complete: string[]; waiting: string[] }> {
  const client = visitor(app.url);
  const quoted = () =>
    Promise.all(
      Array.from({ length: CONNECTIONS }, async () => {
        const { jobId, evalInvoice } = await client.ask("Write a haiku about a wizard who counts every coin");
        await client.payStub(evalInvoice?.paymentHash ?? "");
        return client.until(jobId, "awaiting_work_payment");
      }),
    );
  const [complete, waiting] = [await quoted(), await quoted()];
  await Promise.all(
    complete.map(async ({ jobId, workInvoice }) => {
      await client.payStub(workInvoice?.paymentHash ?? "");
      await client.until(jobId, "complete");
    }),
  );
  const pathOf = ({ jobId }: { jobId: string }) => `/api/jobs/${jobId}`;
  return { complete: complete.map(pathOf), waiting: waiting.map(pathOf) };
}
