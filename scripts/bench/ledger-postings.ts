import { randomUUID } from "node:crypto";
import pg from "pg";
import { type Bench, dropDatabase } from "./bench";
import { figure, title } from "./report";
import { ratios } from "./spread";

const CLIENTS = 32;
const PER_SECOND = " /s";
/** More than all rounds together take from it. */
const DEEP_POCKET_MSAT = 1_000_000_000_000_000;

const POST = { name: "post", text: "SELECT ledger_post($1, $2::jsonb)" } as const;
const UPDATE = {
  name: "update",
  text: "UPDATE bare_account SET balance_msat = balance_msat - $1 WHERE id = 1",
} as const;

/** (c) Postings that all take from one account which may not fall below zero, beside a bare UPDATE of one row. */
export async function ledgerPostings(bench: Bench): Promise<void> {
  const [runs, seconds] = bench.quick ? [2, 1] : [7, 4];
  title(
    `(c) ledger postings on one contended account, ${CLIENTS} clients, ${runs} interleaved runs of ${seconds} s each`,
  );
  const databaseUrl = await bench.database("bench_ledger");
  const pool = new pg.Pool({ connectionString: databaseUrl, max: CLIENTS });
  pool.on("error", () => undefined); // the end of the database is no error
  await pool.query("CREATE TABLE bare_account (id int PRIMARY KEY, balance_msat bigint NOT NULL)");
  await pool.query("INSERT INTO bare_account VALUES (1, $1)", [DEEP_POCKET_MSAT]);
  const owner = randomUUID();
  await post(pool, "wallet", { credit: "escrow", creditOwner: owner, msat: DEEP_POCKET_MSAT });

  const posted: number[] = [];
  const updated: number[] = [];
  for (let run = -1; run < runs; run += 1) {
    const update = await perSecond(seconds, () => pool.query({ ...UPDATE, values: [1000] }));
    const posting = await perSecond(seconds, () =>
      post(pool, "escrow", { debitOwner: owner, credit: "revenue", msat: 1000 }),
    );
    if (run < 0) continue; // warming up
    updated.push(update);
    posted.push(posting);
  }
  figure("ledger_post: both legs, unique key, never below zero", posted, PER_SECOND);
  figure("bare UPDATE of a single row", updated, PER_SECOND);
  figure("a posting beside the UPDATE", ratios(posted, updated), " ×", { atLeast: 0.8 });
  await pool.end();
  await dropDatabase(databaseUrl);
}

/** A business event of its own each time. */
const post = (pool: pg.Pool, debit: string, line: object) =>
  pool.query({ ...POST, values: [`bench:${randomUUID()}`, JSON.stringify([{ debit, ...line }])] });

/** All clients at once, each beginning anew as soon as it is done. */
async function perSecond(seconds: number, work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  const until = from + seconds * 1000;
  let done = 0;
  const client = async () => {
    while (performance.now() < until) {
      await work();
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return (done * 1000) / (performance.now() - from);
}
