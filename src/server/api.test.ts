import { request as httpRequest } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { err } from "~/core/result";
import { type EdgeServer, edgeServer } from "~/testing/edge-server";
import { type FakeContainer, fakeContainer, TOKEN } from "~/testing/fake-container";

const HASH = "ab".repeat(32);
const KEY = "a-random-key-of-enough-letters";
let container: FakeContainer;
let server: EdgeServer;

beforeAll(async () => {
  container = await fakeContainer({}, { MAX_BODY_BYTES: "4096" });
  server = await edgeServer(container);
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(() => {
  container.created.length = 0;
  container.hints.length = 0;
});

const call = (path: string, init?: RequestInit) => fetch(server.url + path, { redirect: "manual", ...init });
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  call(path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
const newJob = async () => (await post("/api/jobs", { request: "hello" })).json() as Promise<{ jobId: string }>;

/** The answer is this problem, as RFC 9457 wants it. */
async function expectProblem(reply: Response, status: number, code: string): Promise<Record<string, unknown>> {
  const body = (await reply.json()) as Record<string, unknown>;
  expect({ status: reply.status, code: body.code }).toEqual({ status, code });
  expect(reply.headers.get("content-type")).toBe("application/problem+json");
  expect(body).toMatchObject({ status, type: `/docs#${code}`, title: expect.any(String), detail: expect.any(String) });
  expect(reply.headers.get("cache-control")).toBe("no-store");
  return body;
}

describe("creating a job", () => {
  test("answers 201 with what the service made, and tells nobody to keep or list it", async () => {
    const reply = await post("/api/jobs", { request: "  Write a haiku  " });
    expect(reply.status).toBe(201);
    expect(await reply.json()).toEqual(container.created[0]);
    expect(container.knownJobs.get(container.created[0]?.jobId ?? "")?.request).toBe("Write a haiku");
    expect(reply.headers.get("cache-control")).toBe("no-store");
    expect(reply.headers.get("x-robots-tag")).toBe("noindex");
    expect(reply.headers.get("referrer-policy")).toBe("no-referrer");
  });

  test.each([
    ["nothing", {}, "REQUEST_MISSING"],
    ["null", { request: null }, "REQUEST_MISSING"],
    ["empty", { request: "" }, "REQUEST_MISSING"],
    ["blank", { request: " \n\t " }, "REQUEST_MISSING"],
    ["501 characters", { request: "x".repeat(501) }, "REQUEST_TOO_LONG"],
    ["501 code points outside the BMP", { request: "🧙".repeat(501) }, "REQUEST_TOO_LONG"],
    ["a null byte", { request: "a\u0000b" }, "REQUEST_UNREADABLE"],
    ["half a surrogate pair", '{"request":"a\\ud83e"}', "REQUEST_UNREADABLE"],
    ["a number", { request: 7 }, "INVALID_REQUEST"],
    ["a list", { request: ["x"] }, "INVALID_REQUEST"],
  ])("refuses %s as a request", async (_what, body, code) => {
    await expectProblem(await post("/api/jobs", body), 400, code);
    expect(container.created).toEqual([]);
  });

  test("takes 500 code points, however many bytes they are", async () => {
    expect((await post("/api/jobs", { request: "🧙".repeat(500) })).status).toBe(201);
  });

  test("too long names the limit and the length", async () => {
    const problem = await expectProblem(await post("/api/jobs", { request: "x".repeat(612) }), 400, "REQUEST_TOO_LONG");
    expect(problem.detail).toMatch(/500.*612/);
  });

  test("a wrong field is named", async () => {
    const problem = await expectProblem(await post("/api/jobs", { request: 7 }), 400, "INVALID_REQUEST");
    expect(problem.errors).toMatchObject([{ field: "request" }]);
  });

  test.each([
    ["no JSON", "{request", "MALFORMED_JSON"],
    ["broken UTF-8", Buffer.from([0x7b, 0xff, 0x7d]), "MALFORMED_JSON"],
    ["a list", "[]", "INVALID_REQUEST"],
    ["a text", '"hello"', "INVALID_REQUEST"],
    ["null", "null", "INVALID_REQUEST"],
  ])("refuses a body that is %s", async (_what, body, code) => {
    const headers = { "content-type": "application/json" };
    await expectProblem(await call("/api/jobs", { method: "POST", headers, body }), 400, code);
  });

  test.each(["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""])(
    "refuses the type %j",
    async (type) => {
      const reply = await call("/api/jobs", {
        method: "POST",
        headers: type === "" ? {} : { "content-type": type },
        body: new TextEncoder().encode('{"request":"hello"}'),
      });
      await expectProblem(reply, 415, "UNSUPPORTED_MEDIA_TYPE");
    },
  );

  test("takes the type in any case and with a charset", async () => {
    const headers = { "content-type": "Application/JSON; charset=utf-8" };
    expect((await call("/api/jobs", { method: "POST", headers, body: '{"request":"hello"}' })).status).toBe(201);
  });

  test("refuses a long body that announces its length", async () => {
    const reply = await post("/api/jobs", { request: "x".repeat(5000) });
    expect((await expectProblem(reply, 413, "BODY_TOO_LARGE")).limit).toBe(4096);
  });

  test("refuses a long body that does not announce its length", async () => {
    const reply = await chunked("/api/jobs", `{"request":"${"x".repeat(5000)}"}`);
    expect(reply).toMatchObject({ status: 413, body: expect.stringContaining("BODY_TOO_LARGE") });
  });

  test("takes a short body that does not announce its length", async () => {
    expect(await chunked("/api/jobs", '{"request":"hello"}')).toMatchObject({ status: 201 });
  });

  test.each([
    ["walletDown", { code: "walletDown", detail: "http://10.0.0.1 key=abc" }, "10"],
    ["walletRefused", { code: "walletRefused", detail: "http://10.0.0.1 key=abc" }, "10"],
    ["walletBusy", { code: "walletBusy", detail: "http://10.0.0.1", retryAfterSeconds: 42 }, "42"],
  ] as const)("says 503 with Retry-After, and nothing of the inside, on %s", async (_code, error, seconds) => {
    const down = await fakeContainer();
    await using edge = await edgeServer({ ...down, jobs: { ...down.jobs, create: async () => err(error) } });
    const reply = await fetch(`${edge.url}/api/jobs`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: '{"request":"hello"}',
    });
    expect(reply.headers.get("retry-after")).toBe(seconds);
    expect(JSON.stringify(await expectProblem(reply, 503, "WALLET_UNAVAILABLE"))).not.toMatch(/10\.0\.0\.1|abc/);
  });

  test("says 429 with Retry-After beyond the limit, and counts good requests only", async () => {
    let counted = 0;
    const limited = await fakeContainer({
      orderLimit: async () => {
        counted += 1;
        return err({ code: "tooManyRequests", retryAfterSeconds: 17 });
      },
    });
    await using edge = await edgeServer(limited);
    const send = (body: string) =>
      fetch(`${edge.url}/api/jobs`, { method: "POST", headers: { "content-type": "application/json" }, body });
    await expectProblem(await send('{"request":""}'), 400, "REQUEST_MISSING");
    expect(counted).toBe(0);
    const reply = await send('{"request":"hello"}');
    expect(reply.headers.get("retry-after")).toBe("17");
    await expectProblem(reply, 429, "TOO_MANY_REQUESTS");
    expect(limited.created).toEqual([]);
  });
});

describe("a job that is there", () => {
  test("is read, and nothing but what its schema names goes out", async () => {
    const { jobId } = await newJob();
    const job = container.knownJobs.get(jobId);
    container.knownJobs.set(jobId, { ...job, clientKey: "inside" } as never);
    const reply = await call(`/api/jobs/${jobId}`);
    expect(reply.status).toBe(200);
    expect(await reply.json()).toEqual(job);
  });

  test("is answered to HEAD without a body", async () => {
    const { jobId } = await newJob();
    const reply = await call(`/api/jobs/${jobId}`, { method: "HEAD" });
    expect([reply.status, await reply.text()]).toEqual([200, ""]);
  });

  test.each(["no-such-job", "%00", "%zz", "0f0f0f0f-0000-4000-8000-000000000000", "x".repeat(5000)])(
    "is not %j",
    async (id) => {
      await expectProblem(await call(`/api/jobs/${id}`), 404, "JOB_NOT_FOUND");
    },
  );

  test("is cancelled with its token, as a field or as a header", async () => {
    const { jobId } = await newJob();
    const byField = await post(`/api/jobs/${jobId}/cancel`, { refundToken: TOKEN });
    const byHeader = await call(`/api/jobs/${jobId}/cancel`, { method: "POST", headers: { "x-refund-token": TOKEN } });
    for (const reply of [byField, byHeader]) expect(await reply.json()).toMatchObject({ jobId, state: "cancelled" });
  });

  test.each([
    ["POST", "/cancel"],
    ["POST", "/refund"],
    ["DELETE", ""],
  ])("is moved by nobody without the token: %s %s", async (method, path) => {
    const { jobId } = await newJob();
    const send = (id: string, body: object) =>
      call(`/api/jobs/${id}${path}`, {
        method,
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ ...body, ...(path === "/refund" && { lnurl: true }) }),
      });
    const missing = await send(jobId, {});
    expect(missing.headers.get("www-authenticate")).toBe("Refund-Token");
    await expectProblem(missing, 401, "REFUND_TOKEN_MISSING");
    await expectProblem(await send(jobId, { refundToken: "" }), 401, "REFUND_TOKEN_MISSING");
    await expectProblem(await send(jobId, { refundToken: "wrong" }), 403, "REFUND_TOKEN_WRONG");
    await expectProblem(await send("unknown", { refundToken: TOKEN }), 404, "JOB_NOT_FOUND");
  });

  test("is refunded one way, and one way only", async () => {
    const { jobId } = await newJob();
    const refund = (target: object) => post(`/api/jobs/${jobId}/refund`, { refundToken: TOKEN, ...target });
    await expectProblem(await refund({}), 400, "REFUND_TARGET_MISSING");
    await expectProblem(await refund({ lnurl: true, invoice: "lnbc1" }), 400, "REFUND_TARGET_MISSING");
    await expectProblem(await refund({ lnurl: false }), 400, "INVALID_REQUEST");
    await expectProblem(await refund({ invoice: "lnbc1" }), 409, "NOTHING_OWED");
    const outOfRange = await refund({ lightningAddress: "me@wallet.example" });
    expect(await expectProblem(outOfRange, 422, "ADDRESS_AMOUNT_OUT_OF_RANGE")).toMatchObject({
      minSats: 100,
      maxSats: 2000,
    });
    expect(await (await refund({ lnurl: true })).json()).toMatchObject({ lnurl: `LNURL of ${server.url}` });
  });

  test("keeps its text while it is needed", async () => {
    const { jobId } = await newJob();
    const reply = await call(`/api/jobs/${jobId}`, { method: "DELETE", headers: { "x-refund-token": TOKEN } });
    await expectProblem(reply, 409, "JOB_IN_PROGRESS");
  });
});

describe("the Idempotency-Key", () => {
  test("gives the same answer to the same body, and says so", async () => {
    const first = await post("/api/jobs", { request: "once" }, { "idempotency-key": KEY });
    const second = await post("/api/jobs", { request: "once" }, { "idempotency-key": KEY });
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(await second.json()).toEqual(await first.json());
    expect([first, second].map(({ headers }) => headers.get("idempotency-replayed"))).toEqual([null, "true"]);
    expect(container.created).toHaveLength(1);
  });

  test("refuses another body", async () => {
    await post("/api/jobs", { request: "one" }, { "idempotency-key": `${KEY}-2` });
    const other = await post("/api/jobs", { request: "two" }, { "idempotency-key": `${KEY}-2` });
    await expectProblem(other, 422, "IDEMPOTENCY_KEY_REUSED");
  });

  test("keeps a refusal too", async () => {
    const { jobId } = await newJob();
    const refund = (headers = {}) =>
      post(
        `/api/jobs/${jobId}/refund`,
        { lightningAddress: "me@wallet.example" },
        { "x-refund-token": TOKEN, ...headers },
      );
    const first = await refund({ "idempotency-key": "1" });
    const second = await refund({ "idempotency-key": "1" });
    expect(second.headers.get("idempotency-replayed")).toBe("true");
    expect(await second.json()).toEqual(await first.json());
  });

  test("belongs to a path and a credential", async () => {
    const [one, two] = [await newJob(), await newJob()];
    const refund = async (jobId: string, token: string) =>
      (await post(`/api/jobs/${jobId}/refund`, { lnurl: true }, { "x-refund-token": token, "idempotency-key": "k" }))
        .status;
    expect(await refund(one.jobId, TOKEN)).toBe(200);
    expect(await refund(one.jobId, "wrong")).toBe(403);
    expect(await refund(two.jobId, TOKEN)).toBe(200);
  });

  test.each([
    ["a guessable anonymous one", "123"],
    ["an endless one", "k".repeat(256)],
    ["an empty one", ""],
  ])("refuses %s", async (_what, key) => {
    const reply = await post("/api/jobs", { request: "once" }, { "idempotency-key": key });
    await expectProblem(reply, 400, "IDEMPOTENCY_KEY_UNUSABLE");
    expect(container.created).toEqual([]);
  });

  test("keeps neither 503 nor 500", async () => {
    for (const failure of [err({ code: "walletDown", detail: "" } as const), new Error("a bug")]) {
      const flaky = await fakeContainer();
      const create = flaky.jobs.create;
      let failed = false;
      flaky.jobs.create = async (...given) => {
        if (failed) return create(...given);
        failed = true;
        if (failure instanceof Error) throw failure;
        return failure;
      };
      await using edge = await edgeServer(flaky);
      const send = () =>
        fetch(`${edge.url}/api/jobs`, {
          method: "POST",
          headers: { "content-type": "application/json", "idempotency-key": KEY },
          body: '{"request":"again"}',
        });
      expect((await send()).status).toBeGreaterThanOrEqual(500);
      expect((await send()).status).toBe(201);
    }
  });
});

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

/** Sends a body in chunks, so without a Content-Length. */
function chunked(path: string, body: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", "transfer-encoding": "chunked" };
    const sent = httpRequest(server.url + path, { method: "POST", headers }, (reply) => {
      const chunks: Buffer[] = [];
      reply.on("data", (chunk: Buffer) => chunks.push(chunk));
      reply.on("end", () => resolve({ status: reply.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
    });
    sent.on("error", reject);
    for (let at = 0; at < body.length; at += 1000) sent.write(body.slice(at, at + 1000));
    sent.end();
  });
}
