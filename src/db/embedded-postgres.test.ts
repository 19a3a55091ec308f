import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, chown, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type EmbeddedPostgres, ensureEmbeddedPostgres } from "./embedded-postgres";

let dataDir: string;
const cleanUp: (() => unknown)[] = [];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "timmy-embedded-"));
  cleanUp.push(() => rm(dataDir, { recursive: true, force: true }));
});
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

async function start(folder = dataDir): Promise<EmbeddedPostgres> {
  const postgres = await ensureEmbeddedPostgres({ dataDir: folder, durable: false });
  cleanUp.push(postgres.stop);
  return postgres;
}

const maintenance = (url: string) => url.replace(/timmy$/, "postgres");

async function query(url: string, sql: string) {
  const client = new pg.Client({ connectionString: maintenance(url) });
  client.on("error", () => undefined);
  await client.connect();
  return client.query(sql).finally(() => client.end());
}

/** Another process that uses the server until it is killed. */
async function startInAnotherProcess(): Promise<ChildProcess> {
  const program = `import { ensureEmbeddedPostgres } from ${JSON.stringify(import.meta.resolve("./embedded-postgres.ts"))};
    await ensureEmbeddedPostgres({ dataDir: process.argv[1], durable: false });
    console.log("up"); setInterval(() => {}, 1000);`;
  const parameters = ["--import", "tsx", "--input-type=module", "-e", program, dataDir];
  const child = spawn(process.execPath, parameters, { stdio: ["ignore", "pipe", "inherit"] });
  await once(child.stdout, "data");
  return child;
}

const postmasterPid = async () =>
  Number((await readFile(join(dataDir, "postgres/cluster/data/postmaster.pid"), "utf8")).split("\n")[0]);

test("three starts at once on a new folder share one server, and the last to let go shuts it down", async () => {
  const [one, two, three] = await Promise.all([start(), start(), start()]);
  expect(new Set([one.url, two.url, three.url]).size).toBe(1);
  expect([one, two, three].filter((postgres) => postgres.startedHere)).toHaveLength(1);
  await one.stop();
  await two.stop();
  await expect(query(three.url, "select 1")).resolves.toBeDefined();
  await three.stop();
  await expect(query(three.url, "select 1")).rejects.toThrow("ECONNREFUSED");
});

test("the server of a killed process is found and used, and then stopped", async () => {
  const killed = await startInAnotherProcess();
  killed.kill("SIGKILL");
  await once(killed, "exit");
  const found = await start();
  expect(found.startedHere).toBe(false);
  await query(found.url, "create table kept (n int)");
  await found.stop();
  await expect(query(found.url, "select 1")).rejects.toThrow("ECONNREFUSED");
  const again = await start();
  expect(again.url).toBe(found.url);
  await expect(query(again.url, "select * from kept")).resolves.toBeDefined();
});

test("a postmaster.pid whose number is somebody else's by now does not stand in the way", async () => {
  await (await start()).stop();
  const data = join(dataDir, "postgres/cluster/data");
  const { uid, gid } = await stat(data);
  const stranger = spawn("sleep", ["600"], { uid, gid, cwd: "/" }); // of the account that would run Postgres
  cleanUp.push(() => stranger.kill("SIGKILL"));
  await once(stranger, "spawn");
  await writeFile(join(data, "postmaster.pid"), `${stranger.pid}\n${data}\n1\n1\n\n127.0.0.1\n\nready\n`);
  await chown(join(data, "postmaster.pid"), uid, gid);
  expect((await start()).startedHere).toBe(true);
  expect(await postmasterPid()).not.toBe(stranger.pid);
});

test("after a crash of the server itself it is started again", async () => {
  const first = await start();
  process.kill(await postmasterPid(), "SIGKILL");
  const second = await start();
  expect(second.startedHere).toBe(true);
  await expect(query(second.url, "select 1")).resolves.toBeDefined();
  await first.stop(); // its connection is gone; the server is not its own alone
  await expect(query(second.url, "select 1")).resolves.toBeDefined();
});

test("a start that was killed half-way through the making leaves nothing behind", async () => {
  const folder = join(dataDir, "postgres");
  const gone = spawn(process.execPath, ["-e", ""]);
  await once(gone, "exit");
  await mkdir(join(folder, `initialising-${gone.pid}-abcdef`, "data"), { recursive: true });
  await start();
  expect(await readdir(folder)).not.toContainEqual(expect.stringMatching(/^initialising/));
});

test("a copied data folder gets a server of its own", async () => {
  const original = await start();
  await query(original.url, "create table only_in_the_original (n int)");
  await query(original.url, "checkpoint");
  const copy = `${dataDir}-copy`;
  cleanUp.push(() => rm(copy, { recursive: true, force: true }));
  execFileSync("cp", ["-a", dataDir, copy]);
  const second = await start(copy);
  expect(second.startedHere).toBe(true);
  expect(second.url).not.toBe(original.url);
});

test("it asks for the password, which only its own account can read", async () => {
  const { url } = await start();
  const password = new URL(url).password;
  expect(password.length).toBeGreaterThanOrEqual(32);
  await expect(query(url.replace(password, "guess"), "select 1")).rejects.toThrow("password authentication failed");
  const { rows } = await query(url, "select current_setting('listen_addresses') as a, lower('ÄÖ') as l");
  expect(rows).toEqual([{ a: "127.0.0.1", l: "äö" }]);
  expect((await stat(join(dataDir, "postgres/cluster/password"))).mode & 0o777).toBe(0o600);
});

test.runIf(process.getuid?.() === 0)(
  "in a folder closed to all but root, the data goes elsewhere and is found again",
  async () => {
    const closed = join(dataDir, "closed");
    await mkdir(closed);
    await chmod(dataDir, 0o700);
    const said: string[] = [];
    const options = { dataDir: closed, durable: false, log: (line: string) => said.push(line) };
    const first = await ensureEmbeddedPostgres(options);
    cleanUp.push(() => rm(first.dataDir, { recursive: true, force: true }), first.stop);
    expect(first.dataDir.startsWith(dataDir)).toBe(false);
    expect(said.join()).toContain(first.dataDir);
    await first.stop();
    const second = await ensureEmbeddedPostgres(options);
    cleanUp.push(second.stop);
    expect(second.dataDir).toBe(first.dataDir);
    await cp(closed, `${dataDir}/copy`, { recursive: true });
    await expect(ensureEmbeddedPostgres({ dataDir: `${dataDir}/copy`, durable: false })).rejects.toThrow(
      "is a copy of",
    );
  },
);
