import { afterAll, beforeAll, expect, test } from "vitest";
import { type Database, openDatabase } from "~/db/client";
import { type TestDatabase, testDatabase } from "~/testing/database";
import { edgeClient } from "~/testing/edge-client";
import { type EdgeServer, edgeServer } from "~/testing/edge-server";
import { freeTierFaults, regular } from "~/testing/free-tier";
import { tokenFrom } from "~/testing/nostr-login";
import { nostrSigner } from "~/testing/nostr-signer";
import { runQueueOnce } from "~/testing/queue";
import { TEST_SECRET } from "~/testing/workshop";
import { type Container, createContainer } from "./container";
import { settingsFrom } from "./env";

// From login to free work, over HTTP, as a program meets it.
let database: TestDatabase;
let db: Database;
let container: Container;
let server: EdgeServer;
let client: ReturnType<typeof edgeClient>;
beforeAll(async () => {
  database = await testDatabase();
  db = openDatabase(database.url, { poolSize: 4 });
  const settings = await settingsFrom({
    TIMMY_TOKEN_SECRET: TEST_SECRET,
    COINGECKO_URL: "http://127.0.0.1:9",
    LOG_LEVEL: "silent",
  });
  container = await createContainer(settings, database.url);
  await container.services.books.openIfNew();
  await container.services.pool.seedIfNew();
  server = await edgeServer(container);
  client = edgeClient(server.url);
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await container?.close();
  await db?.close();
  await database?.drop();
});

type Json = Record<string, never> & { jobId: string; evalInvoice: { paymentHash: string } };
const json = async (reply: Promise<Response>) => (await (await reply).json()) as Json;
const work = () => runQueueOnce(db, container.services.tasks);
const pay = (hash: string) => client.post(`/api/dev/stub/pay/${hash}`, {});

test("a regular logs in, sees what the pool offers, has it done for nothing, and sees what it absorbed", async () => {
  const signer = nostrSigner();
  const headers = { "x-nostr-token": await tokenFrom(server.url, signer) };
  const asked = "/api/estimate?request=a%20haiku";
  const pool = {
    balanceSats: 10_000,
    dailyBudgets: { anonymous: 0, new: 0, established: 50, trusted: 200, elite: 1000 },
  };
  const stranger = await json(client.call(asked));
  const price = stranger.estimatedSats;
  const gate = { serve: "gate", absorbSats: 0, chargeSats: price };
  expect(stranger).toMatchObject({ identity: { trust_tier: "anonymous", free_tier: gate }, pool });
  expect(await json(client.call(asked, { headers }))).toMatchObject({
    identity: { trust_tier: "new", free_tier: gate },
    pool,
  });

  await regular({ db, services: container.services }, signer.pubkey, { score: 60, chargedSats: 500n });
  const free = { serve: "free", absorbSats: price, chargeSats: 0 };
  expect(await json(client.call(asked, { headers }))).toMatchObject({
    identity: { trust_tier: "trusted", free_tier: free },
    pool,
  });

  const job = await json(client.post("/api/jobs", { request: "a haiku" }, headers));
  expect(job).toMatchObject({ state: "awaiting_eval_payment", trust_tier: "trusted" });
  await pay(job.evalInvoice.paymentHash);
  await json(client.call(`/api/jobs/${job.jobId}`));
  await work();
  const done = await json(client.call(`/api/jobs/${job.jobId}`));
  expect(done).toMatchObject({
    ...{ state: "complete", trust_tier: "trusted", free_tier: true, owedSats: 0 },
    costLedger: { workAmountSats: 0, actualAmountSats: 0, refundAmountSats: 0, refundState: "not_applicable" },
  });
  expect(done).not.toHaveProperty("workInvoice");
  const { absorbed_sats: absorbed } = done as unknown as { absorbed_sats: number };
  expect(absorbed).toBeGreaterThan(0);
  expect(await json(client.call("/api/identity/me", { headers }))).toMatchObject({
    ...{ trust_tier: "trusted", trust_score: 60, interaction_count: 1, sats_absorbed_today: absorbed },
  });
  expect(await json(client.call(asked))).toMatchObject({ pool: { balanceSats: 10_000 - absorbed } });
  expect(await freeTierFaults({ db })).toEqual([]);
});

test("the token may come in the body, and without one a regular is a stranger who pays", async () => {
  const signer = nostrSigner();
  const token = await tokenFrom(server.url, signer);
  await regular({ db, services: container.services }, signer.pubkey, { score: 10, chargedSats: 500n });
  const known = await json(client.post("/api/jobs", { request: "a haiku", nostr_token: token }));
  const unknown = await json(client.post("/api/jobs", { request: "a haiku" }));
  expect([known, unknown].map(({ trust_tier: tier }) => tier)).toEqual(["established", "anonymous"]);
  for (const { evalInvoice } of [known, unknown]) await pay(evalInvoice.paymentHash);
  for (const { jobId } of [known, unknown]) await json(client.call(`/api/jobs/${jobId}`));
  await work();
  expect(await json(client.call(`/api/jobs/${known.jobId}`))).toMatchObject({ state: "complete", free_tier: true });
  const asked = await json(client.call(`/api/jobs/${unknown.jobId}`));
  expect(asked).toMatchObject({ state: "awaiting_work_payment", pricingBreakdown: { absorbedSats: 0 } });
});
