import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import pg from "pg";
import { to as copyTo } from "pg-copy-streams";
import { MANIFEST_FILE, type Manifest, NoBackup } from "./manifest";
import { columnList, migrationsOf, type Table, tablesInOrder } from "./tables";

/**
 * Writes the whole database into a new folder, as it stood at one moment, while the app runs on. The folder appears
 * whole or not at all, and is only its owner's to read: it holds what visitors asked for, and sealed secrets.
 */
export async function takeBackup(url: string, folder: string, now: Date): Promise<Manifest> {
  if (await stat(folder).catch(() => null)) throw new NoBackup(`${folder} is there already: name a new folder`);
  const draft = `${folder}.part`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true, mode: 0o700 });
  const client = new pg.Client({ connectionString: url, application_name: "timmy backup" });
  await client.connect();
  try {
    // One snapshot for all tables: the books balance in it as they do in the database.
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    const tables: Manifest["tables"] = [];
    for (const table of await tablesInOrder(client)) tables.push(await copyOut(client, table, draft));
    const sequences = await client.query<{ name: string; value: string }>(
      `SELECT format('%I.%I', schemaname, sequencename) AS name, last_value::text AS value FROM pg_sequences
       WHERE schemaname IN ('public', 'graphile_worker') AND last_value IS NOT NULL ORDER BY 1`,
    );
    const migrations = await migrationsOf(client);
    const manifest: Manifest = {
      format: 1,
      takenAt: now.toISOString(),
      migrations,
      tables,
      sequences: sequences.rows,
    };
    await client.query("COMMIT");
    await writeFile(join(draft, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
    await rename(draft, folder);
    return manifest;
  } finally {
    await client.end();
    await rm(draft, { recursive: true, force: true });
  }
}

async function copyOut(client: pg.ClientBase, table: Table, folder: string): Promise<Manifest["tables"][number]> {
  const hash = createHash("sha256");
  let rows = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _, done) {
      // COPY writes one line for each row; a line break within a text is escaped.
      for (const byte of chunk) if (byte === 10) rows += 1;
      done(null, chunk);
    },
  });
  const hashed = new Transform({
    transform(chunk: Buffer, _, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  const source = client.query(copyTo(`COPY ${table.name} (${columnList(table)}) TO STDOUT`));
  await pipeline(source, counted, createGzip(), hashed, createWriteStream(join(folder, table.file), { mode: 0o600 }));
  return { ...table, rows, sha256: hash.digest("hex") };
}
