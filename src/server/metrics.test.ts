import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "~/testing/database";
import { edgeClient, expectProblem } from "~/testing/edge-client";
import { type EdgeServer, edgeServer } from "~/testing/edge-server";
import { fakeContainer } from "~/testing/fake-container";
import { runQueueOnce } from "~/testing/queue";
import { TEST_SECRET } from "~/testing/workshop";
import { afterCommit, openDatabase } from "../db/client";
import { type Container, createContainer } from "./container";
import { settingsFrom } from "./env";
import { addCounts, type Count, readCounts } from "./metric-store";
import { metrics } from "./metrics";
import { tally } from "./tally";

let home: TestDatabase;
beforeAll(async () => {
  home = await testDatabase();
});
afterAll(() => home.drop());

/** The value of a series, by its whole name; undefined where there is none. */
function value(text: string, series: string): number | undefined {
  const line = text.split("\n").find((row) => row.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

describe("the figures of a running app", () => {
  let containers: Container[];
  let servers: EdgeServer[];
  beforeAll(async () => {
    const settings = await settingsFrom({ TIMMY_TOKEN_SECRET: TEST_SECRET, COINGECKO_URL: "http://127.0.0.1:9" });
    containers = await Promise.all([1, 2].map(() => createContainer(settings, home.url)));
    servers = await Promise.all(containers.map(edgeServer));
  });
  afterAll(async () => {
    for (const server of servers) await server[Symbol.asyncDispose]();
    for (const container of containers) await container.close();
  });

  test("tell of a paid job, the same in every process, without an id", async () => {
    const [container] = containers as [Container];
    const db = openDatabase(home.url, { poolSize: 2 });
    const { post, call } = edgeClient(servers[0]?.url ?? "");
    await container.services.pool.seedIfNew();
    const job = (await (await post("/api/jobs", { request: "A haiku" })).json()) as {
      jobId: string;
      evalInvoice: { paymentHash: string };
    };
    await post(`/api/dev/stub/pay/${job.evalInvoice.paymentHash}`, {});
    await runQueueOnce(db, container.services.tasks);
    const quoted = (await (await call(`/api/jobs/${job.jobId}`)).json()) as { workInvoice: { paymentHash: string } };
    await post(`/api/dev/stub/pay/${quoted.workInvoice.paymentHash}`, {});
    await runQueueOnce(db, container.services.tasks);
    expect(await (await call(`/api/jobs/${job.jobId}`)).json()).toMatchObject({ state: "complete" });
    await call("/api/nothing");
    await db.close();

    const reply = await call("/api/metrics");
    expect(reply.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    const text = await reply.text();
    for (const [from, to] of [
      ["awaiting_eval_payment", "evaluating"],
      ["evaluating", "awaiting_work_payment"],
      ["awaiting_work_payment", "executing"],
      ["executing", "complete"],
    ]) {
      expect(value(text, `timmy_job_transitions_total{from="${from}",to="${to}"}`), `${from} ${to}`).toBe(1);
    }
    for (const purpose of ["judge", "work"]) {
      expect(value(text, `timmy_model_calls_total{agent="canned",purpose="${purpose}",outcome="ok"}`)).toBe(1);
    }
    expect(value(text, 'timmy_wallet_calls_total{call="create_invoice",outcome="ok"}')).toBe(2);
    expect(value(text, "timmy_pool_balance_sats")).toBeGreaterThanOrEqual(10_000);
    expect(value(text, "timmy_payouts_in_flight")).toBe(0);
    expect(value(text, 'timmy_queue_tasks{state="ready"}')).toBe(0);
    const requests = (method: string, route: string, status: number) =>
      value(text, `timmy_http_request_seconds_count{method="${method}",route="${route}",status="${status}"}`);
    expect(requests("POST", "/api/jobs", 201)).toBe(1);
    expect(requests("GET", "/api/jobs/:jobId", 200)).toBe(2);
    expect(requests("GET", "none", 404)).toBe(1);
    const upTo = (le: string) =>
      value(text, `timmy_http_request_seconds_bucket{method="POST",route="/api/jobs",status="201",le="${le}"}`);
    expect([upTo("0.001"), upTo("30"), upTo("+Inf")]).toEqual([0, 1, 1]);
    expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}|[0-9a-f]{64}|haiku/);

    const other = await (await fetch(`${servers[1]?.url}/api/metrics`)).text();
    expect(value(other, 'timmy_job_transitions_total{from="executing",to="complete"}')).toBe(1);
    expect(value(other, 'timmy_http_request_seconds_count{method="POST",route="/api/jobs",status="201"}')).toBe(
      undefined,
    );
  });
});

test("what is rolled back, or tried again, is not counted twice", async () => {
  const db = openDatabase(home.url, { poolSize: 2 });
  const counted: string[] = [];
  await expect(
    db.inTx(async (tx) => {
      afterCommit(tx, () => counted.push("never"));
      throw new Error("no");
    }),
  ).rejects.toThrow("no");
  let tries = 0;
  await db.inTx(async (tx) => {
    tries += 1;
    afterCommit(tx, () => counted.push(`try ${tries}`));
    if (tries < 3) await tx.$executeRaw`DO $$ BEGIN RAISE 'again' USING ERRCODE = '40001'; END $$`;
  });
  expect(counted).toEqual(["try 3"]);
  await db.close();
});

test("processes add up, and a database that is away loses no count", async () => {
  const db = openDatabase(home.url, { poolSize: 4 });
  let away = true;
  const keep = async (batch: readonly Count[]) => {
    if (away) throw new Error("away");
    await addCounts(db, batch);
  };
  const [one, other] = [tally(keep), tally(keep)];
  for (let at = 0; at < 50; at += 1) {
    one.add("wallet_calls", { call: "test", outcome: "ok" });
    other.add("wallet_calls", { call: "test", outcome: "ok" }, 2);
  }
  await Promise.all([one.flush(), other.flush()]);
  away = false;
  await Promise.all([one.flush(), other.flush(), one.flush()]);
  const total = (await readCounts(db)).find(({ labels }) => labels.call === "test");
  expect(total?.value).toBe(150);
  await db.close();
});

test("live connections and the loop's lag are this process's", async () => {
  let live = 3;
  const { text } = metrics((await fakeContainer()).sharedFigures, () => live);
  expect(value(await text(), "timmy_sse_connections")).toBe(3);
  live = 0;
  const now = await text();
  expect(value(now, "timmy_sse_connections")).toBe(0);
  expect(value(now, 'timmy_event_loop_lag_seconds{quantile="0.99"}')).toBeGreaterThanOrEqual(0);
  expect(value(now, "timmy_books_ok")).toBeUndefined();
});

test("with METRICS_TOKEN they are only for who brings it", async () => {
  await using edge = await edgeServer(await fakeContainer({}, { METRICS_TOKEN: "let me in" }));
  const { call } = edgeClient(edge.url);
  for (const authorization of ["", "Bearer let me", "Basic let me in"]) {
    const reply = await call("/api/metrics", { headers: { authorization } });
    expect(reply.headers.get("www-authenticate")).toBe("Bearer");
    await expectProblem(reply, 401, "METRICS_TOKEN_WRONG");
  }
  const wanted = await fakeContainer({}, { METRICS_TOKEN: "sesame" });
  await using open = await edgeServer(wanted);
  const reply = await fetch(`${open.url}/api/metrics`, { headers: { authorization: "Bearer sesame" } });
  expect(reply.status).toBe(200);
});
