import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { addFinishedJob, COLUMNS, endOf, keptSats, type Rows, TABLES, type Table } from "./finished-job";

const BATCH = 10_000;
/** The database keeps balances by itself and lets nobody else write them: for the load, in this database of ours, it must. */
const GUARDS = [
  ["ledger_transfer", "ledger_transfer_applied"],
  ["ledger_account", "ledger_account_by_transfer"],
] as const;

/**
 * Fills a fresh database with so many finished jobs by COPY, books and wallet included, and answers the ids of a few
 * thousand of them. What the load leaves out (triggers, foreign keys) its rows already satisfy; the caller has the books
 * say so.
 */
export async function loadFinishedJobs(databaseUrl: string, count: number, sample = 2000): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query("SET synchronous_commit = off; SET session_replication_role = replica");
    for (const [table, trigger] of GUARDS) await client.query(`ALTER TABLE ${table} DISABLE TRIGGER ${trigger}`);
    const ids: string[] = [];
    let walletSats = 0;
    for (let done = 0; done < count; done += BATCH) {
      const rows = Object.fromEntries(TABLES.map((table) => [table, []])) as unknown as Rows;
      const size = Math.min(BATCH, count - done);
      for (let index = 0; index < size; index += 1) {
        const end = endOf(index);
        walletSats += keptSats(end);
        const id = addFinishedJob(rows, end);
        if (Math.random() < sample / count) ids.push(id);
      }
      for (const table of TABLES) await copy(client, table, rows[table]);
    }
    for (const [table, trigger] of GUARDS) await client.query(`ALTER TABLE ${table} ENABLE ALWAYS TRIGGER ${trigger}`);
    await client.query("INSERT INTO simulated_wallet (id, balance_msat) VALUES (1, $1)", [walletSats * 1000]);
    await client.query("INSERT INTO installation_fact (name, value) VALUES ('booksOpened', '{}')");
    // As months of running leave it: statistics, the visibility map, the checkpoint of the books.
    await client.query("VACUUM ANALYZE");
    await client.query("SELECT ledger_advance_checkpoint()");
    await client.query("CHECKPOINT");
    return ids;
  } finally {
    await client.end();
  }
}

async function copy(client: pg.Client, table: Table, rows: readonly (string | number | null)[][]): Promise<void> {
  const lines = rows.map((row) => `${row.map(field).join("\t")}\n`);
  await pipeline(
    Readable.from([lines.join("")]),
    client.query(copyFrom(`COPY ${table} (${COLUMNS[table]}) FROM STDIN`)),
  );
}

/** COPY's text format. */
const field = (value: string | number | null): string =>
  value === null ? "\\N" : String(value).replace(/[\\\t\n\r]/g, (character) => ESCAPES[character] ?? character);
const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" };
