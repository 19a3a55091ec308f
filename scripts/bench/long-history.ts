import { openDatabase } from "~/db/client";
import { balanceSheet } from "~/modules/ledger/ledger-service";
import { startApp } from "./app";
import { type Bench, dropDatabase } from "./bench";
import { visitor } from "./client";
import { loadFinishedJobs } from "./history";
import { figure, latency, note, title } from "./report";
import { median, ratios } from "./spread";

const REQUEST = "Write a haiku about a wizard who counts every coin";

/** (f) A job read and a job paid, with few and with very many finished jobs in the database. */
export async function longHistory(bench: Bench): Promise<void> {
  const [few, many] = bench.quick ? [1000, 20_000] : [1000, 1_000_000];
  const [rounds, reads, payments] = bench.quick ? [2, 20, 3] : [7, 300, 30];
  const words = { few: few.toLocaleString("en"), many: many.toLocaleString("en") };
  title(`(f) with ${words.few} and with ${words.many} finished jobs, ${rounds} rounds, one by one, in turn`);
  const short = await workshopWith(bench, few);
  const long = await workshopWith(bench, many);
  const sides = { few: short, many: long };
  const which = ["few", "many"] as const;

  const read = { few: [] as number[], many: [] as number[] };
  const paid = { few: [] as number[], many: [] as number[] };
  const medians = {
    read: { few: [] as number[], many: [] as number[] },
    paid: { few: [] as number[], many: [] as number[] },
  };
  for (let round = -1; round < rounds; round += 1) {
    const took = {
      read: { few: [] as number[], many: [] as number[] },
      paid: { few: [] as number[], many: [] as number[] },
    };
    for (let turn = 0; turn < reads; turn += 1) {
      for (const side of which) took.read[side].push(await sides[side].read());
    }
    for (let turn = 0; turn < payments; turn += 1) {
      for (const side of which) took.paid[side].push(await sides[side].pay());
    }
    if (round < 0) continue; // warming up
    for (const side of which) {
      read[side].push(...took.read[side]);
      paid[side].push(...took.paid[side]);
      medians.read[side].push(median(took.read[side]));
      medians.paid[side].push(median(took.paid[side]));
    }
  }
  for (const side of which) latency(`a finished job read, any of ${words[side]}`, read[side]);
  for (const side of which) latency(`a job paid: dev pay to booked, ${words[side]} finished`, paid[side]);
  figure("read with many beside few, medians of each round", ratios(medians.read.many, medians.read.few), " ×", {
    atMost: 1.5,
  });
  figure("paid with many beside few, medians of each round", ratios(medians.paid.many, medians.paid.few), " ×", {
    atMost: 1.5,
  });
  for (const side of which) await sides[side].close();
}

/** An app on a database with so many finished jobs. */
async function workshopWith(bench: Bench, count: number) {
  const databaseUrl = await bench.database(`bench_${count}_finished`);
  const from = performance.now();
  const ids = await loadFinishedJobs(databaseUrl, count);
  await insistOnBooks(databaseUrl);
  note(
    `${count.toLocaleString("en")} finished jobs loaded by COPY in ${Math.round((performance.now() - from) / 1000)} s; their books balance`,
  );
  const app = await startApp({ DATA_DIR: bench.folder, DATABASE_URL: databaseUrl });
  bench.atEnd(app.stop);
  const client = visitor(app.url);

  return {
    async read(): Promise<number> {
      const id = ids[Math.floor(Math.random() * ids.length)] ?? "";
      const from = performance.now();
      await client.read(id);
      return performance.now() - from;
    },
    async pay(): Promise<number> {
      const { jobId, evalInvoice } = await client.ask(REQUEST);
      const from = performance.now();
      await client.payStub(evalInvoice?.paymentHash ?? "");
      const took = performance.now() - from;
      await client.until(jobId, "awaiting_work_payment"); // the next one must not meet what is left of this one
      return took;
    },
    async close() {
      await app.stop();
      await dropDatabase(databaseUrl);
    },
  };
}

/** A history that the app itself would call wrong proves nothing. */
async function insistOnBooks(databaseUrl: string): Promise<void> {
  const db = openDatabase(databaseUrl, { poolSize: 1 });
  try {
    const { faults, liabilitiesMsat } = await balanceSheet(db.inTx);
    if (faults.length > 0 || liabilitiesMsat !== 0n) throw new Error(`the loaded books do not balance: ${faults}`);
  } finally {
    await db.close();
  }
}
