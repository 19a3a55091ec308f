import { request as httpRequest } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { err } from "~/core/result";
import { edgeClient, expectProblem } from "~/testing/edge-client";
import { type EdgeServer, edgeServer } from "~/testing/edge-server";
import { type FakeContainer, fakeContainer } from "~/testing/fake-container";

let container: FakeContainer;
let server: EdgeServer;
let call: ReturnType<typeof edgeClient>["call"];
let post: ReturnType<typeof edgeClient>["post"];

beforeAll(async () => {
  container = await fakeContainer({}, { MAX_BODY_BYTES: "4096" });
  server = await edgeServer(container);
  ({ call, post } = edgeClient(server.url));
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(() => {
  container.created.length = 0;
  container.hints.length = 0;
});

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
