import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Database, openDatabase } from "~/db/client";
import { type BootstrapView, CreatedBootstrap } from "~/modules/bootstrap/bootstrap-schema";
import { type TestDatabase, testDatabase } from "~/testing/database";
import { edgeClient, expectProblem } from "~/testing/edge-client";
import { type EdgeServer, edgeServer } from "~/testing/edge-server";
import { everythingKept } from "~/testing/everything-kept";
import { type LocalClouds, localClouds } from "~/testing/local-clouds";
import { type OtherProcess, otherProcess } from "~/testing/other-process";
import { webServer } from "~/testing/web-server";
import { TEST_SECRET } from "~/testing/workshop";
import { type Container, createContainer } from "./container";
import { settingsFrom } from "./env";
import { createLog } from "./log";

// The app as it is configured for real machines, against local servers that speak the APIs: its web side here, its worker
// in a process of its own that may be killed.
const SOON = { timeout: 100_000, interval: 50 };
const FEE = 10_000;

let database: TestDatabase;
let db: Database;
let clouds: LocalClouds;
let container: Container;
let server: EdgeServer;
let workers: OtherProcess[];
let webLog: string[];
const settings = () => ({
  TIMMY_TOKEN_SECRET: TEST_SECRET,
  COINGECKO_URL: "http://127.0.0.1:9",
  LOG_LEVEL: "debug",
  ...clouds.settings,
});

beforeAll(async () => {
  database = await testDatabase();
  db = openDatabase(database.url, { poolSize: 4 });
});
beforeEach(async () => {
  clouds = await localClouds();
  workers = [];
  webLog = [];
  const webSettings = await settingsFrom({ ...settings(), MAX_OPEN_ORDERS: "1000" });
  const log = createLog(webSettings, { write: (line) => void webLog.push(line) });
  container = await createContainer(webSettings, database.url, log);
  server = await edgeServer(container);
});
afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.kill()));
  await server[Symbol.asyncDispose]();
  await container.close();
  expect([...clouds.digitalocean.mistakes, ...clouds.tailscale.mistakes]).toEqual([]);
  await clouds.stop();
});
afterAll(async () => {
  await db?.close();
  await database?.drop();
});

async function startWorker(): Promise<OtherProcess> {
  const worker = await otherProcess(database.url, "./worker-process-main.ts", settings());
  workers.push(worker);
  return worker;
}

async function order(): Promise<CreatedBootstrap> {
  const reply = await edgeClient(server.url).post("/api/bootstrap", {});
  expect(reply.status).toBe(201);
  return CreatedBootstrap.parse(await reply.json());
}
async function paid(): Promise<CreatedBootstrap> {
  const made = await order();
  const reply = await edgeClient(server.url).post(`/api/dev/stub/pay/${made.invoice.paymentHash}`, {});
  expect(reply.status).toBe(200);
  return made;
}
async function read({ bootstrapJobId, refundToken }: CreatedBootstrap): Promise<BootstrapView> {
  const headers = { "x-refund-token": refundToken };
  const reply = await edgeClient(server.url).call(`/api/bootstrap/${bootstrapJobId}`, { headers });
  expect(reply.status).toBe(200);
  return (await reply.json()) as BootstrapView;
}
/** Does not use up the key. */
const stateOf = async ({ bootstrapJobId }: CreatedBootstrap) =>
  (await db.prisma.bootstrapOrder.findUniqueOrThrow({ where: { id: bootstrapJobId } })).state;
const named = (items: readonly { name: string }[], { bootstrapJobId }: CreatedBootstrap) =>
  items.filter(({ name }) => name === `timmy-node-${bootstrapJobId}`).length;
const there = (made: CreatedBootstrap) => ({
  keys: named(clouds.digitalocean.keys, made),
  volumes: named(clouds.digitalocean.volumes, made),
  droplets: named(clouds.digitalocean.droplets, made),
});
const ONE_OF_EACH = { keys: 1, volumes: 1, droplets: 1 };
const asked = (call: string) =>
  clouds.digitalocean.calls.filter(({ method, path }) => `${method} ${path}` === call).length;

describe("configured for DigitalOcean and Tailscale", () => {
  test("a paid order ends with one machine, polled by five at once all the while; of ten readers one gets the key", async () => {
    const worker = await startWorker();
    expect((await (await edgeClient(server.url).call("/api/healthz")).json()).simulated.join()).not.toContain("nodes");
    const made = await paid();
    const views: BootstrapView[] = [];
    await expect
      .poll(async () => {
        views.push(...(await Promise.all(Array.from({ length: 5 }, () => read(made)))));
        return clouds.machine.asked.length;
      }, SOON)
      .toBeGreaterThan(0);
    expect(views.every(({ state, sshPrivateKey }) => state !== "ready" && sshPrivateKey === undefined)).toBe(true);
    clouds.comesUp();
    await expect.poll(() => stateOf(made), SOON).toBe("ready");

    const before = await everythingKept(db);
    const readings = await Promise.all(Array.from({ length: 10 }, () => read(made)));
    const keys = readings.flatMap(({ sshPrivateKey }) => sshPrivateKey ?? []);
    expect(keys).toHaveLength(1);
    expect(readings.filter(({ sshKeyNote }) => sshKeyNote?.includes("given out once"))).toHaveLength(9);
    expect(await read(made)).toMatchObject({
      state: "ready",
      // The machine is real, its fee is play money.
      stubMode: true,
      nodeIp: "203.0.113.7",
      tailscaleHostname: `timmy-node-${made.bootstrapJobId}.tail4242.ts.net`,
      lnbitsUrl: `http://timmy-node-${made.bootstrapJobId}.tail4242.ts.net:5000`,
    });
    expect(there(made)).toEqual(ONE_OF_EACH);
    expect(asked("POST /v2/droplets")).toBe(1);
    expect(clouds.digitalocean.droplets[0]?.request).toMatchObject({ region: "fra1", size: "s-2vcpu-4gb" });

    const after = await everythingKept(db);
    expect(after).toContain(made.bootstrapJobId); // it is looked at at all
    const logs = [worker.output(), webLog.join("")];
    for (const log of logs) expect(log).not.toBe(""); // each says something at all
    for (const kept of [before, after, ...logs]) {
      expectNothingOf(keys[0] ?? "", kept);
      expect(kept).not.toMatch(/dop_v1|tskey/);
    }
  });

  test("killed after each step in turn, by a process that never hears what came of it: one of each", async () => {
    const made = await paid();
    const { digitalocean, tailscale } = clouds;
    const kill = async (isThere: () => boolean) => {
      const worker = await startWorker();
      await expect.poll(isThere, SOON).toBe(true);
      await worker.kill();
      expect(await stateOf(made)).toBe("provisioning");
    };
    digitalocean.trouble("POST /v2/account/keys", "withheld");
    await kill(() => digitalocean.keys.length > 0);
    tailscale.trouble("POST /api/v2/tailnet/-/keys", "withheld");
    await kill(() => tailscale.keys.length > 0);
    digitalocean.trouble("POST /v2/volumes", "withheld");
    await kill(() => digitalocean.volumes.length > 0);
    digitalocean.trouble("POST /v2/droplets", "withheld");
    await kill(() => digitalocean.droplets.length > 0);
    clouds.says(null);
    await kill(() => clouds.machine.asked.length > 0);
    await startWorker();
    clouds.comesUp();
    await expect.poll(() => stateOf(made), SOON).toBe("ready");
    expect(there(made)).toEqual(ONE_OF_EACH);
    for (const path of ["/v2/account/keys", "/v2/volumes", "/v2/droplets"]) expect(asked(`POST ${path}`)).toBe(1);
    // The first one's secret died with its process: it was revoked, and the second let the machine in.
    expect(tailscale.keys).toEqual([]);
    expect(tailscale.devices).toHaveLength(1);
    expect((await read(made)).sshPrivateKey).toMatch(/^-----BEGIN RSA PRIVATE KEY-----\n/);
  });

  test("a machine that cannot set itself up is removed, and the fee is owed", async () => {
    await startWorker();
    const made = await paid();
    clouds.says({ state: "failed", stage: "LND never answered" });
    await expect.poll(() => stateOf(made), SOON).toBe("failed");
    await expect.poll(() => there(made), SOON).toEqual({ keys: 0, volumes: 0, droplets: 0 });
    expect(clouds.tailscale.keys).toEqual([]);
    expect(await read(made)).toMatchObject({ state: "failed", owedSats: FEE });
    expect((await container.services.books.prove()).ok).toBe(true);
  });
});

/** No line of a PEM, neither as it is nor as its bytes, nor as bytes of the DER that it encodes. */
function expectNothingOf(pem: string, text: string): void {
  const lines = pem.split("\n").filter((line) => line.length === 64);
  expect(lines.length).toBeGreaterThan(40);
  expect(text).not.toContain("PRIVATE KEY");
  for (const line of lines) {
    expect(text.includes(line)).toBe(false);
    expect(text.includes(Buffer.from(line).toString("hex"))).toBe(false);
    expect(text.includes(Buffer.from(line, "base64").toString("hex"))).toBe(false);
  }
}

describe("real sats, in production, and nobody who makes machines", () => {
  test("503 before any invoice, and nothing that is called simulated", async () => {
    await using lnbits = await webServer((_, reply) => reply.writeHead(404).end());
    const serious = await createContainer(
      await settingsFrom({
        ...settings(),
        DO_API_TOKEN: "",
        TAILSCALE_OAUTH_CLIENT_ID: "",
        TAILSCALE_OAUTH_CLIENT_SECRET: "",
        LOG_LEVEL: "silent",
        LNBITS_URL: lnbits.url,
        LNBITS_API_KEY: "key",
        ANTHROPIC_API_KEY: "key",
        ANTHROPIC_BASE_URL: "http://127.0.0.1:9",
        PUBLIC_URL: "https://timmy.example",
        NODE_ENV: "production",
        ADMIN_TOKEN: "the operator's own, 32 letters of it",
      }),
      database.url,
    );
    const edge = await edgeServer(serious);
    try {
      const client = edgeClient(edge.url);
      const count = await db.prisma.invoice.count();
      await expectProblem(await client.post("/api/bootstrap", {}), 503, "BOOTSTRAP_UNAVAILABLE");
      expect(serious.bootstrap.offer()).toMatchObject({ available: false });
      expect(await (await client.call("/api/healthz")).json()).toEqual({ status: "ok", simulated: [] });
      expect(await db.prisma.invoice.count()).toBe(count);
      expect(lnbits.asked).toEqual([]);
    } finally {
      await edge[Symbol.asyncDispose]();
      await serious.close();
    }
  });
});
