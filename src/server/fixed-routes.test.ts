import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
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
beforeEach(() => {
  container.created.length = 0;
  container.hints.length = 0;
});

describe("the wallet's webhook", () => {
  const path = `/api/webhooks/lnbits/${"5".repeat(32)}`;

  test.each([
    ["JSON in a JSON string, as LNbits sends it", JSON.stringify(JSON.stringify({ payment_hash: HASH, amount: 1 }))],
    ["plain JSON", JSON.stringify({ payment_hash: HASH })],
  ])("hints at the payment: %s", async (_what, body) => {
    expect((await call(path, { method: "POST", body })).status).toBe(200);
    expect(container.hints).toEqual([HASH]);
  });

  test.each(["", "nonsense", '{"payment_hash":"../../x"}', '{"payment_hash":7}', "[]", "null"])(
    "answers %j with 200 and believes nothing",
    async (body) => {
      expect((await call(path, { method: "POST", body })).status).toBe(200);
      expect(container.hints).toEqual([]);
    },
  );

  test("is nowhere for who does not know its path", async () => {
    const reply = await call(`/api/webhooks/lnbits/${"6".repeat(32)}`, {
      method: "POST",
      body: `{"payment_hash":"${HASH}"}`,
    });
    await expectProblem(reply, 404, "ROUTE_NOT_FOUND");
    expect(container.hints).toEqual([]);
  });
});

describe("LNURL-withdraw (LUD-03)", () => {
  test("first step: what the code is good for", async () => {
    expect(await (await call(`/api/lnurl/withdraw?k1=${HASH}`)).json()).toEqual({
      tag: "withdrawRequest",
      callback: `${server.url}/api/lnurl/withdraw`,
      k1: HASH,
      defaultDescription: "Change",
      minWithdrawable: 5000,
      maxWithdrawable: 5000,
    });
  });

  test("callback: OK", async () => {
    expect(await (await call(`/api/lnurl/withdraw?k1=${HASH}&pr=lnbc1good`)).json()).toEqual({ status: "OK" });
  });

  test.each(["", "?k1=", "?k1=xyz", `?k1=${"cd".repeat(32)}`, `?k1=${HASH}&pr=lnbc1bad`, `?k1=${HASH}&pr=`])(
    "%j is refused with status 200 and a reason",
    async (query) => {
      const reply = await call(`/api/lnurl/withdraw${query}`);
      expect(reply.status).toBe(200);
      expect(await reply.json()).toEqual({ status: "ERROR", reason: expect.any(String) });
    },
  );
});

describe("the rest", () => {
  test("an estimate, as the request is typed", async () => {
    expect(await (await call("/api/estimate?request=hello")).json()).toEqual({
      estimatedSats: 40,
      evalFeeSats: 10,
      sessionEstimatedSats: 80,
      btcPriceUsd: 100_000,
      tokenEstimate: { inputTokens: 100, outputTokens: 2048 },
      identity: { trust_tier: "anonymous", free_tier: { serve: "gate", absorbSats: 0, chargeSats: 40 } },
      pool: {
        balanceSats: 10_000,
        dailyBudgets: { anonymous: 0, new: 0, established: 50, trusted: 200, elite: 1000 },
      },
    });
    await expectProblem(await call("/api/estimate"), 400, "REQUEST_MISSING");
    await expectProblem(await call(`/api/estimate?request=${"x".repeat(501)}`), 400, "REQUEST_TOO_LONG");
  });

  test("alive and ready", async () => {
    expect(await (await call("/api/healthz")).json()).toEqual({ status: "ok", simulated: container.simulated });
    const ready = await call("/api/readyz");
    expect([ready.status, await ready.json()]).toEqual([
      200,
      { status: "ready", checks: { database: true, queue: true, wallet: true, pages: true } },
    ]);
    const readiness = async () => ({ database: true, queue: true, wallet: false });
    await using edge = await edgeServer(await fakeContainer({ readiness }));
    const not = await fetch(`${edge.url}/api/readyz`);
    expect([not.status, await not.json()]).toMatchObject([503, { checks: { wallet: false, database: true } }]);
  });

  test("the wallet is not asked each time that somebody asks for readiness", async () => {
    let asked = 0;
    const readiness = async () => {
      asked += 1;
      return { database: true, queue: true, wallet: true };
    };
    await using edge = await edgeServer(await fakeContainer({ readiness }));
    await Promise.all(Array.from({ length: 20 }, async () => (await fetch(`${edge.url}/api/readyz`)).text()));
    expect(asked).toBe(1);
  });

  test.each(["/api", "/api/ui"])("%s leads to the workshop", async (path) => {
    const reply = await call(path);
    expect([reply.status, reply.headers.get("location")]).toEqual([302, "/"]);
  });
});
