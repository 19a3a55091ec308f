import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { err } from "~/core/result";
import { edgeClient, expectProblem } from "~/testing/edge-client";
import { type EdgeServer, edgeServer } from "~/testing/edge-server";
import { type FakeContainer, fakeContainer } from "~/testing/fake-container";

const HASH = "ab".repeat(32);
let container: FakeContainer;
let server: EdgeServer;
let call: ReturnType<typeof edgeClient>["call"];

beforeAll(async () => {
  container = await fakeContainer();
  server = await edgeServer(container);
  ({ call } = edgeClient(server.url));
});
afterAll(() => server[Symbol.asyncDispose]());

describe("what is not there", () => {
  test.each(["/api/nothing", "/api/jobs/", "/api/jobs/1/nothing", "/api//jobs", "/api/trpcx"])("%s", async (path) => {
    await expectProblem(await call(path), 404, "ROUTE_NOT_FOUND");
  });

  test.each([
    ["PUT", "/api/jobs", "POST, OPTIONS"],
    ["GET", "/api/jobs", "POST, OPTIONS"],
    ["POST", "/api/jobs/1", "GET, DELETE, HEAD, OPTIONS"],
    ["DELETE", "/api/healthz", "GET, HEAD, OPTIONS"],
    ["PATCH", "/api/trpc/jobs.get", "GET, POST, HEAD, OPTIONS"],
  ])("%s %s names what is", async (method, path, allow) => {
    const reply = await call(path, { method });
    expect(reply.headers.get("allow")).toBe(allow);
    await expectProblem(reply, 405, "METHOD_NOT_ALLOWED");
  });

  test("an unexpected error tells its incident, and nothing else of us; the log has the rest", async () => {
    const broken = await fakeContainer();
    broken.jobs.view = () => Promise.reject(new Error("secret at /root/file.ts:1 sk-ant-123"));
    await using edge = await edgeServer(broken);
    const reply = await fetch(`${edge.url}/api/jobs/1`);
    const problem = await expectProblem(reply, 500, "INTERNAL");
    expect(JSON.stringify(problem)).not.toMatch(/secret|root|sk-ant|stack/);
    expect(broken.logged.find((line) => line.includes(String(problem.incident)))).toContain("secret at");
  });

  test("a database that is away is 503, not our bug", async () => {
    const away = await fakeContainer();
    away.jobs.view = () => Promise.reject(Object.assign(new Error("connect"), { code: "ECONNREFUSED" }));
    await using edge = await edgeServer(away);
    const reply = await fetch(`${edge.url}/api/jobs/1`);
    expect(reply.headers.get("retry-after")).toBe("5");
    await expectProblem(reply, 503, "DATABASE_UNAVAILABLE");
  });

  test("a database that went away is not said to have changed nothing: it may have heard the last word", async () => {
    const away = await fakeContainer();
    const { create } = away.jobs;
    away.jobs.create = async (input, keep) => {
      await create(input, keep);
      throw new Error("Connection terminated unexpectedly");
    };
    await using edge = await edgeServer(away);
    const headers = { "content-type": "application/json" };
    const reply = await fetch(`${edge.url}/api/jobs`, { method: "POST", headers, body: '{"request":"hello"}' });
    expect(away.created).toHaveLength(1);
    const { detail } = await expectProblem(reply, 503, "DATABASE_UNAVAILABLE");
    expect(detail).not.toMatch(/nothing/i);
    expect(detail).toMatch(/Idempotency-Key/);
  });

  test("a wallet that does not answer is not said to owe nothing: dev pay may be under way, a payout is owed", async () => {
    const detail = "the payment is still under way";
    const silent = await fakeContainer({ devPay: async () => err({ code: "walletDown", detail }) });
    await using edge = await edgeServer(silent);
    const reply = await fetch(`${edge.url}/api/dev/stub/pay/${HASH}`, { method: "POST" });
    expect((await expectProblem(reply, 503, "WALLET_UNAVAILABLE")).detail).not.toMatch(/nothing/i);
  });
});

describe("who may call", () => {
  test("pages of any site, without credentials", async () => {
    const headers = { origin: "https://elsewhere.example", "access-control-request-method": "POST" };
    const preflight = await call("/api/jobs", { method: "OPTIONS", headers });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-headers")).toMatch(
      /Authorization.*Idempotency-Key.*X-Nostr-Token.*X-Refund-Token/,
    );
    for (const reply of [preflight, await call("/api/healthz"), await call("/api/jobs/1"), await call("/api/trpc/x")]) {
      expect(reply.headers.get("access-control-allow-origin")).toBe("*");
      expect(reply.headers.get("access-control-allow-credentials")).toBeNull();
      expect(reply.headers.get("access-control-expose-headers")).toMatch(/WWW-Authenticate.*Payment-Receipt/);
    }
  });

  test("but dev pay only from here", async () => {
    const path = `/api/dev/stub/pay/${HASH}`;
    const reply = await call(path, { method: "POST" });
    expect(await reply.json()).toEqual({ paymentHash: HASH, preimage: "cd".repeat(32) });
    const preflight = await call(path, { method: "OPTIONS" });
    const crossSite = await call(path, { method: "POST", headers: { "sec-fetch-site": "cross-site" } });
    for (const closed of [reply, preflight, crossSite]) {
      expect(closed.headers.get("access-control-allow-origin")).toBeNull();
    }
    await expectProblem(crossSite, 403, "CROSS_SITE_REFUSED");
    await expectProblem(await call("/api/dev/stub/pay/unknown", { method: "POST" }), 409, "INVOICE_NOT_PAYABLE");
  });

  test("and nobody where dev pay is off", async () => {
    await using edge = await edgeServer(await fakeContainer({ devPay: null }));
    const reply = await fetch(`${edge.url}/api/dev/stub/pay/${HASH}`, { method: "POST" });
    await expectProblem(reply, 404, "ROUTE_NOT_FOUND");
  });
});
