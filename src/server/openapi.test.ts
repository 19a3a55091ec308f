import { expect, test } from "vitest";
import { edgeServer } from "~/testing/edge-server";
import { fakeContainer } from "~/testing/fake-container";
import { openApiDocument } from "./openapi";
import { PROBLEMS } from "./problems";
import { restProcedures } from "./rest";

// Whether it is true is the matter of openapi-truth.test.ts.
type Operation = { responses: Record<string, unknown>; parameters?: { name: string }[] };
const document = openApiDocument();
const paths = document.paths as unknown as Record<string, Record<string, Operation>>;

test("is served as it is made", async () => {
  await using server = await edgeServer(await fakeContainer());
  const reply = await fetch(`${server.url}/api/openapi.json`);
  expect(reply.headers.get("content-type")).toBe("application/json");
  expect(await reply.json()).toEqual(JSON.parse(JSON.stringify(document)));
});

test("lists every procedure with a REST address, with the status of its success and of its problems", () => {
  expect(restProcedures.length).toBeGreaterThan(0);
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

test("every code is screaming, unique but for the wallet's, and explained", () => {
  const kinds = Object.values(PROBLEMS);
  for (const { code, title } of kinds) {
    expect(code).toMatch(/^[A-Z0-9]+(_[A-Z0-9]+)*$/);
    expect(title.length).toBeGreaterThan(5);
  }
  expect(new Set(kinds.map(({ code }) => code)).size).toBe(kinds.length - 2);
});
