import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { text as readText } from "node:stream/consumers";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { type TestDatabase, testDatabase } from "~/testing/database";
import { edgeClient } from "~/testing/edge-client";
import { edgeServer } from "~/testing/edge-server";
import { webServer } from "~/testing/web-server";
import { startWorker } from "~/worker/main";
import { anyInvoice } from "../../scripts/demo/any-invoice";
import { createContainer } from "./container";
import { settingsFrom } from "./env";
import { createLog } from "./log";

const SECRET = "the secret of a telemetry test, long";
/** Words that no code of ours has, so that finding them anywhere is finding the visitor's text. */
const REQUEST = "Zyzzyva quokka at noon";
const SOON = { timeout: 60_000, interval: 50 };

let home: TestDatabase;
beforeAll(async () => {
  home = await testDatabase();
});
afterAll(() => home.drop());
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

type Invoice = { paymentHash: string; paymentRequest: string };
type Job = Record<string, unknown> & { jobId: string; refundToken: string; evalInvoice: Invoice };

/** The whole app, on which one job goes its whole way; what of it is a secret or a text. */
async function wholeJob(
  over: Record<string, string>,
  lines: string[],
): Promise<{ secrets: string[]; stop: () => Promise<void> }> {
  const settings = await settingsFrom({
    TIMMY_TOKEN_SECRET: SECRET,
    COINGECKO_URL: "http://127.0.0.1:9",
    LOG_LEVEL: "info",
    LOG_FORMAT: "json",
    ...over,
  });
  const log = createLog(settings, { write: (line) => void lines.push(line) });
  const container = await createContainer(settings, home.url, log);
  const worker = await startWorker(container);
  const server = await edgeServer(container);
  let stopped = false;
  const stop = async () => {
    if (stopped) return;
    stopped = true;
    await server[Symbol.asyncDispose]();
    await worker.stop();
    await container.close();
  };
  closers.push(stop);
  const { post, call } = edgeClient(server.url);
  const key = randomUUID();
  const read = async (path: string, headers = {}) => (await call(path, { headers })).json() as Promise<Job>;

  const job = (await (await post("/api/jobs", { request: REQUEST }, { "idempotency-key": key })).json()) as Job;
  const seen = () => read(`/api/jobs/${job.jobId}?refundToken=${job.refundToken}`);
  const paid = async ({ paymentHash }: Invoice) =>
    ((await (await post(`/api/dev/stub/pay/${paymentHash}`, {})).json()) as { preimage: string }).preimage;
  const preimages = [await paid(job.evalInvoice)];
  await expect.poll(async () => (await seen()).state, SOON).toBe("awaiting_work_payment");
  const workInvoice = (await seen()).workInvoice as Invoice;
  preimages.push(await paid(workInvoice));
  await expect.poll(async () => (await seen()).state, SOON).toBe("complete");
  const done = await seen();
  const invoice = anyInvoice(Number(done.owedSats));
  await post(`/api/jobs/${job.jobId}/refund`, { refundToken: job.refundToken, invoice });
  await expect.poll(async () => (await seen()).owedSats, SOON).toBe(0);
  // What goes wrong is told of too, and must not quote what it went wrong with.
  await post("/api/jobs", { request: `${REQUEST} ${"x".repeat(600)}` });
  await post(`/api/jobs/${job.jobId}/refund`, { refundToken: "a wrong one", invoice });
  await call("/api/admin/node-status", { headers: { authorization: `Bearer ${settings.adminToken}` } });
  const opened = await (await post("/api/sessions", { amountSats: 500 })).json();
  const { macaroon, refundToken } = opened as { macaroon: string; refundToken: string };

  const secrets = [
    ...["Zyzzyva", "quokka", String(done.result).slice(0, 30)],
    ...[job.refundToken, refundToken, macaroon, ...preimages, SECRET, settings.adminToken, container.webhookSecret],
    ...[job.jobId, job.evalInvoice.paymentHash, workInvoice.paymentHash, invoice, job.evalInvoice.paymentRequest],
    key,
  ];
  expect(secrets.every((secret) => secret.length > 5)).toBe(true);
  return { secrets, stop };
}

test("at info level a whole job leaves no text of its visitor, no secret and no whole id in the log", async () => {
  const lines: string[] = [];
  const { secrets, stop } = await wholeJob({}, lines);
  await stop();
  expect(lines.length, "the log is captured: it tells at least of the price of bitcoin").toBeGreaterThan(0);
  for (const secret of secrets) expect(lines.filter((line) => line.includes(secret))).toEqual([]);
});

describe("traces", () => {
  const Value = z.record(z.string(), z.unknown());
  const Span = z.object({
    name: z.string(),
    spanId: z.string(),
    parentSpanId: z.string().optional(),
    attributes: z.array(z.object({ key: z.string(), value: Value })),
  });
  const Batch = z.object({
    resourceSpans: z.array(z.object({ scopeSpans: z.array(z.object({ spans: z.array(Span) })) })),
  });

  test("go to the collector that is named: requests, tasks, models and wallet, in one another, without text, secret or whole id", async () => {
    const bodies: string[] = [];
    await using collector = await webServer((request, response) => {
      void readText(request).then((body) => {
        bodies.push(body);
        response.writeHead(200, { "content-type": "application/json" }).end("{}");
      });
    });
    const { secrets, stop } = await wholeJob({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }, []);
    await stop(); // sends what waits
    expect(new Set(collector.asked)).toEqual(new Set(["/v1/traces"]));
    const spans = bodies
      .flatMap((body) => Batch.parse(JSON.parse(body)).resourceSpans)
      .flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
    const named = (name: string) => spans.filter((span) => span.name === name);
    for (const name of [
      "POST /api/jobs",
      "GET /api/jobs/:jobId",
      "task evaluate",
      "task work",
      "task payout",
      "model judge",
      "model work",
      "wallet create_invoice",
      "wallet pay",
    ]) {
      expect(named(name).length, name).toBeGreaterThan(0);
    }
    const inside = (inner: string, outer: string) =>
      named(inner).some(({ parentSpanId }) => named(outer).some(({ spanId }) => spanId === parentSpanId));
    expect(inside("model judge", "task evaluate")).toBe(true);
    expect(inside("wallet create_invoice", "POST /api/jobs")).toBe(true);
    for (const secret of secrets) expect(bodies.filter((body) => body.includes(secret))).toEqual([]);
    const told = spans.flatMap(({ attributes }) => attributes);
    expect(told.find(({ key }) => key === "timmy.job")?.value).toMatchObject({
      stringValue: expect.stringMatching(/^[0-9a-f]{8}$/),
    });
  });

  test("a collector that is not there holds nothing up", async () => {
    const { stop } = await wholeJob({ OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9" }, []);
    await stop();
  });

  test("nothing of it is loaded where no collector is named: one adapter knows the packages, and is imported late", () => {
    const root = join(import.meta.dirname, "..");
    const sources = readdirSync(root, { recursive: true, encoding: "utf8" }).filter(
      (path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$/.test(path) && !path.includes("generated"),
    );
    const importing = (what: RegExp) => sources.filter((path) => what.test(readFileSync(join(root, path), "utf8")));
    expect(importing(/from "@opentelemetry\//)).toEqual(["adapters/otlp/otlp-tracing.ts"]);
    expect(importing(/from "~\/adapters\/otlp\//)).toEqual([]);
    expect(importing(/await import\("~\/adapters\/otlp\//)).toEqual(["server/container.ts"]);
  });
});
