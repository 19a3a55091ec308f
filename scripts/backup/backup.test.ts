import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDatabase } from "~/db/client";
import { everythingKept } from "~/testing/everything-kept";
import { unwrap } from "~/testing/unwrap";
import { type Workshop, workshop } from "~/testing/workshop";
import { readManifest } from "./manifest";
import { restoreBackup } from "./restore-backup";
import { takeBackup } from "./take-backup";

const ORIGIN = "https://timmy.example";
let shop: Workshop;
let home: string;
let made: string[];
beforeAll(async () => {
  shop = await workshop();
  home = await mkdtemp(join(tmpdir(), "timmy-backup-"));
  made = [];
  await shop.services.books.openIfNew();
  await shop.services.pool.seedIfNew();
});
afterAll(async () => {
  for (const name of made) await administer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await shop?.close();
  await rm(home, { recursive: true, force: true });
});

const client = { clientKey: "me", pubkey: null };
async function administer(statement: string): Promise<void> {
  const admin = new pg.Client({ connectionString: new URL("/postgres", shop.db.url).href });
  await admin.connect();
  await admin.query(statement).finally(() => admin.end());
}
/** Where no database is yet. */
function newDatabase(): string {
  const name = `restored_${process.pid}_${made.length}`;
  made.push(name);
  return new URL(`/${name}`, shop.db.url).href;
}
async function jobAwaitingWork() {
  const { jobs, invoices } = shop.services;
  const job = unwrap(await jobs.create({ request: "A haiku\nwith a\ttab and a \\ in it", ...client }));
  await shop.payOutside(job.evalInvoice.paymentHash);
  unwrap(await invoices.lookUp(job.evalInvoice.paymentHash));
  return job;
}
async function readyNode() {
  const { bootstrap, invoices } = shop.services;
  const order = unwrap(await bootstrap.create({ ...client, origin: ORIGIN }));
  await shop.payOutside(order.invoice.paymentHash);
  unwrap(await invoices.lookUp(order.invoice.paymentHash));
  await shop.work();
  return order;
}
const textOf = async (folder: string) => {
  const files = (await readdir(folder)).filter((name) => name.endsWith(".gz"));
  const texts = await Promise.all(files.map(async (name) => gunzipSync(await readFile(join(folder, name))).toString()));
  return texts.join("\n");
};
/** The queue's own clockwork keeps no two databases alike: when it last looked at its timetable. */
const withoutBookkeeping = (kept: string) =>
  kept
    .split("\n")
    .filter((line) => !/^(public\._prisma_migrations|graphile_worker\.migrations) /.test(line))
    .sort();

test("all of it comes back, row by row, and the app goes on where it was", async () => {
  const node = await readyNode();
  const job = await jobAwaitingWork(); // its judging waits in the queue
  const folder = join(home, "whole");
  const manifest = await takeBackup(shop.db.url, folder, new Date());
  expect(manifest.tables.find(({ name }) => name === "public.job")?.rows).toBe(1);
  expect((await stat(folder)).mode & 0o077).toBe(0);
  expect((await stat(join(folder, "public.job.copy.gz"))).mode & 0o077).toBe(0);

  const url = newDatabase();
  await restoreBackup(folder, url);
  const restored = openDatabase(url, { poolSize: 2 });
  try {
    expect(withoutBookkeeping(await everythingKept(restored))).toEqual(
      withoutBookkeeping(await everythingKept(shop.db)),
    );
    // The ledger is as append-only as it was.
    await expect(restored.pool.query("UPDATE ledger_transfer SET amount_msat = 1")).rejects.toThrow();
    await expect(restored.pool.query("TRUNCATE ledger_transfer CASCADE")).rejects.toThrow();
    await expect(restored.pool.query("INSERT INTO ledger_account (kind) VALUES ('revenue')")).rejects.toThrow();
  } finally {
    await restored.close();
  }

  const later = await workshop({ databaseUrl: url });
  try {
    await later.work();
    expect(unwrap(await later.services.jobs.view(job.jobId))).toMatchObject({ state: "awaiting_work_payment" });
    const { jobId } = unwrap(await later.services.jobs.create({ request: "Another", ...client }));
    expect(jobId).not.toBe(job.jobId);
    const view = unwrap(await later.services.bootstrap.view(node.bootstrapJobId, node.refundToken, ORIGIN));
    expect(view.sshPrivateKey).toContain("PRIVATE KEY");
    expect(unwrap(await later.services.books.prove())).toMatchObject({ ok: true });
    // In the back-up it is sealed.
    const [, line = "?"] = view.sshPrivateKey?.split("\n") ?? [];
    const text = await textOf(folder);
    expect(text).toContain(node.bootstrapJobId);
    for (const clear of ["PRIVATE KEY", line, Buffer.from(line).toString("hex")]) expect(text).not.toContain(clear);
  } finally {
    await later.close();
  }
});

test("what is written meanwhile is in it wholly or not at all: the books in it balance", async () => {
  let running = true;
  const busy = (async () => {
    while (running) await Promise.all(Array.from({ length: 8 }, jobAwaitingWork));
  })();
  const folder = join(home, "busy");
  await takeBackup(shop.db.url, folder, new Date());
  running = false;
  await busy;
  const url = newDatabase();
  await restoreBackup(folder, url);
  const later = await workshop({ databaseUrl: url });
  try {
    expect(unwrap(await later.services.books.prove())).toMatchObject({ ok: true });
  } finally {
    await later.close();
  }
});

test("what is spoilt, cut short, of another version or would overwrite something is refused", async () => {
  const folder = join(home, "spoilt");
  await takeBackup(shop.db.url, folder, new Date());
  await expect(takeBackup(shop.db.url, folder, new Date())).rejects.toThrow("is there already");
  const before = await everythingKept(shop.db);
  await expect(restoreBackup(folder, shop.db.url)).rejects.toThrow("in use");
  expect(await everythingKept(shop.db)).toBe(before);
  await expect(restoreBackup(home, shop.db.url)).rejects.toThrow("no back-up");

  const url = newDatabase();
  const manifestFile = join(folder, "manifest.json");
  const manifest = await readManifest(folder);
  const write = (changed: object) => writeFile(manifestFile, JSON.stringify(changed));
  await write({ ...manifest, migrations: manifest.migrations.slice(1) });
  await expect(restoreBackup(folder, url)).rejects.toThrow("another version");
  await write({ ...manifest, tables: manifest.tables.map((table) => ({ ...table, rows: table.rows + 1 })) });
  await expect(restoreBackup(folder, url)).rejects.toThrow("other rows");
  await write(manifest);
  const jobs = join(folder, "public.job.copy.gz");
  const whole = await readFile(jobs);
  await writeFile(jobs, whole.subarray(0, -1));
  await expect(restoreBackup(folder, url)).rejects.toThrow("public.job.copy.gz is not as it was written");
  await writeFile(jobs, whole);
  await restoreBackup(folder, url); // and none of that has left anything behind
});
