import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type EdgeServer, edgeServer } from "~/testing/edge-server";
import { type FakeContainer, fakeContainer, TOKEN } from "~/testing/fake-container";
import { signedLogin } from "~/testing/nostr-login";
import { openApiDocument } from "./openapi";
import { PROBLEMS } from "./problems";
import { restProcedures } from "./rest";

type Operation = {
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
  parameters?: { name: string }[];
};
const document = openApiDocument();
const paths = document.paths as unknown as Record<string, Record<string, Operation>>;
let container: FakeContainer;
let server: EdgeServer;
beforeAll(async () => {
  container = await fakeContainer();
  server = await edgeServer(container);
});
afterAll(() => server[Symbol.asyncDispose]());

test("is served as it is made", async () => {
  const reply = await fetch(`${server.url}/api/openapi.json`);
  expect(reply.headers.get("content-type")).toBe("application/json");
  expect(await reply.json()).toEqual(JSON.parse(JSON.stringify(document)));
});

test("lists every procedure with a REST address, with the status of its success", () => {
  expect(restProcedures.map(({ name }) => name).sort()).toEqual([
    "demo",
    "estimate",
    "identity.challenge",
    "identity.me",
    "identity.verify",
    "jobs.cancel",
    "jobs.create",
    "jobs.deleteText",
    "jobs.get",
    "jobs.refund",
  ]);
  for (const { meta } of restProcedures) {
    const operation = paths[`/api${meta.path}`]?.[meta.method.toLowerCase()];
    expect(operation?.responses, meta.path).toHaveProperty(String(meta.status ?? 200));
    for (const code of meta.problems)
      expect(operation?.responses, meta.path).toHaveProperty(String(PROBLEMS[code].status));
  }
});

test("tells of the headers that move money and repeat safely", () => {
  const names = (path: string) => paths[path]?.post?.parameters?.map(({ name }) => name);
  expect(names("/api/jobs")).toEqual(["Idempotency-Key"]);
  expect(names("/api/jobs/{jobId}/refund")).toEqual(["jobId", "Idempotency-Key", "X-Refund-Token"]);
});

test("every path is one that the server answers", async () => {
  for (const [path, operations] of Object.entries(paths)) {
    for (const method of Object.keys(operations)) {
      const url = server.url + path.replace(/\{\w+\}/g, "x");
      const reply = await fetch(url, { method: method.toUpperCase(), redirect: "manual" });
      const { code } = (await reply.json().catch(() => ({}))) as { code?: string };
      expect(["ROUTE_NOT_FOUND", "METHOD_NOT_ALLOWED"], `${method} ${path}`).not.toContain(code);
      expect(operations[method]?.responses, `${method} ${path}`).toHaveProperty(String(reply.status));
    }
  }
});

describe("answers are as described", () => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema({ ...document, $id: "root" });

  async function expectDescribed(path: string, method: string, url: string, init: RequestInit = {}): Promise<Response> {
    const reply = await fetch(server.url + url, { ...init, method: method.toUpperCase() });
    const type = reply.headers.get("content-type") ?? "";
    const pointer = ["paths", path, method, "responses", String(reply.status), "content", type, "schema"];
    const fragment = pointer
      .map((part) => encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1")))
      .join("/");
    const validate = ajv.compile({ $ref: `root#/${fragment}` });
    expect(
      validate(await reply.clone().json()),
      `${JSON.stringify(validate.errors)} ${await reply.clone().text()}`,
    ).toBe(true);
    return reply;
  }
  const body = (fields: object, headers = {}): RequestInit => ({
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(fields),
  });

  test("successes", async () => {
    const created = await expectDescribed("/api/jobs", "post", "/api/jobs", body({ request: "hello" }));
    const { jobId } = (await created.json()) as { jobId: string };
    const job = "/api/jobs/{jobId}";
    expect(created.status).toBe(201);
    await expectDescribed(job, "get", `/api/jobs/${jobId}`);
    const token = { "x-refund-token": TOKEN };
    await expectDescribed(`${job}/cancel`, "post", `/api/jobs/${jobId}/cancel`, { headers: token });
    await expectDescribed(`${job}/refund`, "post", `/api/jobs/${jobId}/refund`, body({ lnurl: true }, token));
    await expectDescribed("/api/estimate", "get", "/api/estimate?request=hello");
    const login = await signedLogin(server.url);
    const answer = await expectDescribed("/api/identity/verify", "post", "/api/identity/verify", body(login));
    const { nostr_token: nostrToken } = (await answer.json()) as { nostr_token: string };
    expect(answer.status).toBe(200);
    const headers = { "x-nostr-token": nostrToken };
    const me = await expectDescribed("/api/identity/me", "get", "/api/identity/me", { headers });
    expect(me.status).toBe(200);
    await expectDescribed("/api/healthz", "get", "/api/healthz");
    await expectDescribed("/api/readyz", "get", "/api/readyz");
    await expectDescribed("/api/lnurl/withdraw", "get", `/api/lnurl/withdraw?k1=${"ab".repeat(32)}`);
    await expectDescribed("/api/lnurl/withdraw", "get", "/api/lnurl/withdraw");
    await expectDescribed("/api/dev/stub/invoice", "post", "/api/dev/stub/invoice", body({ amountSats: 5 }));
    const pay = "/api/dev/stub/pay/";
    await expectDescribed(`${pay}{paymentHash}`, "post", pay + "ab".repeat(32));
  });

  test("problems", async () => {
    const job = "/api/jobs/{jobId}";
    for (const request of ["", "x".repeat(501), 7]) {
      expect((await expectDescribed("/api/jobs", "post", "/api/jobs", body({ request }))).status).toBe(400);
    }
    expect((await expectDescribed("/api/jobs", "post", "/api/jobs", { body: "text" })).status).toBe(415);
    expect((await expectDescribed(job, "get", "/api/jobs/unknown")).status).toBe(404);
    const [{ jobId } = { jobId: "" }] = container.created;
    for (const [refundToken, status] of [
      ["", 401],
      ["wrong", 403],
    ] as const) {
      const reply = await expectDescribed(`${job}/cancel`, "post", `/api/jobs/${jobId}/cancel`, body({ refundToken }));
      expect(reply.status).toBe(status);
    }
    const refund = (fields: object) =>
      expectDescribed(`${job}/refund`, "post", `/api/jobs/${jobId}/refund`, body({ refundToken: TOKEN, ...fields }));
    expect((await refund({})).status).toBe(400);
    expect((await refund({ invoice: "lnbc1" })).status).toBe(409);
    expect((await refund({ lightningAddress: "me@wallet.example" })).status).toBe(422);
  });
});

test("every code is screaming, unique but for the wallet's, and explained", () => {
  const kinds = Object.values(PROBLEMS);
  for (const { code, title } of kinds) {
    expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
    expect(title.length).toBeGreaterThan(5);
  }
  expect(new Set(kinds.map(({ code }) => code)).size).toBe(kinds.length - 2);
});
