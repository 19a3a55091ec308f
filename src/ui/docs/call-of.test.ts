import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { callOf, curlOf, startOf } from "./call-of";
import type { Operation } from "./openapi-document";

const operation: Operation = {
  operationId: "jobs.refund",
  summary: "",
  tags: ["Jobs"],
  method: "POST",
  path: "/api/jobs/{jobId}/refund",
  parameters: [
    { name: "jobId", in: "path", required: true },
    { name: "page", in: "query", required: false, example: "1" },
    { name: "X-Refund-Token", in: "header", required: false, example: "abc" },
  ],
  requestBody: { required: true, content: { "application/json": { example: { lnurl: true } } } },
  responses: {},
};

test("begins with the examples, and with nobody's order", () => {
  expect(startOf(operation)).toEqual({ parameters: { page: "1" }, body: '{\n  "lnurl": true\n}' });
});

test("puts each value where it belongs, and what is empty nowhere", () => {
  const parameters = { jobId: " a/b ", page: "2&3", "X-Refund-Token": "" };
  expect(callOf(operation, { parameters, body: "{}" })).toEqual({
    method: "POST",
    url: "/api/jobs/a%2Fb/refund?page=2%263",
    headers: { "Content-Type": "application/json" },
    body: "{}",
  });
});

test("a shell reads the command as it was meant, whatever was typed", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (typed) => {
      const body = typed.replaceAll("\u0000", "").toWellFormed();
      const command = curlOf({ method: "POST", url: "/x", headers: {}, body }, "http://localhost").replace(
        "curl",
        "printf '%s\\n'",
      );
      const said = execFileSync("sh", ["-c", command], { encoding: "utf8" });
      expect(said).toBe(`-X\nPOST\nhttp://localhost/x\n--data-raw\n${body}\n`);
    }),
    { numRuns: 40 },
  );
});
