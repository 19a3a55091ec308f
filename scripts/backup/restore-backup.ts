import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { migrate } from "~/db/migrate";
import { type Manifest, NoBackup, readManifest } from "./manifest";
import { columnList, migrationsOf, tablesInOrder } from "./tables";

/**
 * Puts a back-up into a database that is new: it is made and brought to the schema, and everything goes in at once or
 * not at all. One that holds anything already is left as it is.
 */
export async function restoreBackup(folder: string, url: string): Promise<Manifest> {
  const manifest = await readManifest(folder);
  for (const { file, sha256 } of manifest.tables) {
    if ((await hashOf(join(folder, file))) !== sha256) throw new NoBackup(`${file} is not as it was written`);
  }
  await migrate(url);
  const client = new pg.Client({ connectionString: url, application_name: "timmy restore" });
  await client.connect();
  try {
    await client.query("BEGIN");
    await fill(client, manifest, folder);
    await client.query("COMMIT");
  } finally {
    await client.end(); // and with it whatever was not committed
  }
  return manifest;
}

async function fill(client: pg.ClientBase, manifest: Manifest, folder: string): Promise<void> {
  const tables = await tablesInOrder(client);
  await refuseWhatDoesNotFit(client, manifest, tables);
  await client.query(`LOCK TABLE ${tables.map(({ name }) => name).join(", ")} IN ACCESS EXCLUSIVE MODE`);
  const used = await client.query("SELECT 1 FROM ledger_transfer UNION ALL SELECT 1 FROM invoice LIMIT 1");
  if (used.rowCount) throw new NoBackup("the database is in use: restore into a new one");

  // What the triggers would do was already done when the rows were first written.
  const triggers = await userTriggers(client);
  for (const { table, trigger } of triggers) await client.query(`ALTER TABLE ${table} DISABLE TRIGGER ${trigger}`);
  await client.query(`TRUNCATE ${tables.map(({ name }) => name).join(", ")}`);
  for (const table of manifest.tables) {
    const into = client.query(copyFrom(`COPY ${table.name} (${columnList(table)}) FROM STDIN`));
    await pipeline(createReadStream(join(folder, table.file)), createGunzip(), into);
    if (into.rowCount !== table.rows) throw new NoBackup(`${table.file} has other rows than it should`);
  }
  for (const { name, value } of manifest.sequences) await client.query("SELECT setval($1, $2)", [name, value]);
  for (const { table, trigger, enable } of triggers) {
    await client.query(`ALTER TABLE ${table} ${enable} TRIGGER ${trigger}`);
  }
}

async function refuseWhatDoesNotFit(
  client: pg.ClientBase,
  manifest: Manifest,
  tables: readonly { name: string; columns: string[] }[],
): Promise<void> {
  const shape = (items: readonly { name: string; columns: string[] }[]) =>
    JSON.stringify(items.map(({ name, columns }) => [name, ...columns].join()).sort());
  const sameMigrations = JSON.stringify(await migrationsOf(client)) === JSON.stringify(manifest.migrations);
  if (!sameMigrations || shape(tables) !== shape(manifest.tables)) {
    throw new NoBackup("the back-up is of another version of the app: restore it with that one, then update");
  }
}

/** With what brings each back to how it was. */
async function userTriggers(client: pg.ClientBase) {
  const { rows } = await client.query<{ table: string; trigger: string; enable: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS table, format('%I', t.tgname) AS trigger,
       CASE t.tgenabled WHEN 'A' THEN 'ENABLE ALWAYS' WHEN 'R' THEN 'ENABLE REPLICA' WHEN 'D' THEN 'DISABLE'
         ELSE 'ENABLE' END AS enable
     FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE NOT t.tgisinternal AND n.nspname IN ('public', 'graphile_worker') ORDER BY 1, 2`,
  );
  return rows;
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  } catch {
    return "missing";
  }
  return hash.digest("hex");
}
