import { request as httpRequest } from "node:http";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type EdgeServer, edgeServer } from "~/testing/edge-server";
import { type FakeContainer, fakeContainer, TOKEN } from "~/testing/fake-container";
import { propertyRuns } from "~/testing/property-runs";
import { restProcedures } from "./rest";

const SECRET = "a secret of the tests, 32 letters";
/** Nothing of the machine, of the code, or of a secret. */
const LEAK = new RegExp(
  `${SECRET}|node_modules|\\\\n\\s+at .+:\\d+:\\d+|/src/|\\.ts\\b|${process.cwd()}|ZodError|TRPCError|Prisma`,
);
const RUNS = propertyRuns(400, 2000);
let container: FakeContainer;
let server: EdgeServer;
let jobId: string;
const seen = new Set<number>();

beforeAll(async () => {
  container = await fakeContainer({}, { TIMMY_TOKEN_SECRET: SECRET, MAX_BODY_BYTES: "20000" });
  server = await edgeServer(container);
  const created = await container.jobs.create({ request: "hello", clientKey: "", pubkey: null });
  jobId = created.ok ? created.value.jobId : "";
});
afterAll(() => server[Symbol.asyncDispose]());

type Sent = { method: string; path: string; headers: Record<string, string>; body: Uint8Array };

/** As it is, however odd: `fetch` would tidy it up. Null where Node itself refuses to send it. */
function send({ method, path, headers: given, body }: Sent): Promise<{ status: number; text: string } | null> {
  // Without its length, the body of a GET would be read as the next request, and that one's 400 taken for the answer.
  const headers = { ...given, ...(body.length > 0 && { "content-length": String(body.length) }) };
  return new Promise((resolve, reject) => {
    try {
      const sent = httpRequest(
        { host: "127.0.0.1", port: server.port, method, path, headers, agent: false },
        (reply) => {
          const chunks: Buffer[] = [];
          reply.on("data", (chunk: Buffer) => chunks.push(chunk));
          reply.on("end", () => resolve({ status: reply.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
          reply.on("error", reject);
        },
      );
      sent.on("error", reject);
      sent.end(body);
    } catch {
      resolve(null);
    }
  });
}

async function holds(sent: Sent): Promise<void> {
  const reply = await send(sent);
  if (!reply) return;
  seen.add(reply.status);
  expect(reply.status, reply.text).toBeLessThan(500);
  expect(reply.text).not.toMatch(LEAK);
}

const bytes = (text: string) => new TextEncoder().encode(text);
const anyBody = fc.oneof(
  fc.json({ maxDepth: 6 }).map(bytes),
  fc.uint8Array({ maxLength: 300 }),
  fc.string({ unit: "binary", maxLength: 300 }).map(bytes),
  fc.integer({ min: 1, max: 9000 }).map((depth) => bytes(`${"[".repeat(depth)}${"]".repeat(depth)}`)),
  fc.integer({ min: 1, max: 3000 }).map((depth) => bytes(`${'{"request":'.repeat(depth)}1${"}".repeat(depth)}`)),
);
/** Fields that some endpoint knows, with values that it does not. */
const knownFields = fc
  .record(
    {
      request: fc.anything({ maxDepth: 2 }),
      refundToken: fc.oneof(fc.constant(TOKEN), fc.anything({ maxDepth: 1 })),
      invoice: fc.oneof(fc.string({ unit: "binary" }), fc.anything({ maxDepth: 1 })),
      lightningAddress: fc.oneof(fc.string({ unit: "binary" }), fc.anything({ maxDepth: 1 })),
      lnurl: fc.oneof(fc.boolean(), fc.anything({ maxDepth: 1 })),
      jobId: fc.anything({ maxDepth: 1 }),
      ["__proto__"]: fc.anything({ maxDepth: 1 }),
    },
    { requiredKeys: [] },
  )
  .map((fields) =>
    bytes(JSON.stringify(fields, (_key, value) => (typeof value === "bigint" ? String(value) : value)) ?? ""),
  );
/** Whatever Node sends. */
const headerUnit = fc.oneof(fc.integer({ min: 32, max: 126 }), fc.integer({ min: 128, max: 255 }));
const headerValue = fc.string({ unit: headerUnit.map((code) => String.fromCharCode(code)) });
const headers = fc.record(
  {
    "content-type": fc.oneof(fc.constant("application/json"), headerValue),
    "idempotency-key": fc.oneof(fc.constantFrom("k".repeat(22), "1", ""), headerValue),
    "x-refund-token": fc.oneof(fc.constant(TOKEN), headerValue),
    "x-forwarded-for": headerValue,
    // One that cannot be read ends every call at its first step, so most can.
    host: fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom("localhost", "[::1]:3", "evil.example", "®SærÇ'@±$") },
      { weight: 1, arbitrary: fc.oneof(fc.constantFrom("a b", "x/../y"), headerValue) },
    ),
    "last-event-id": headerValue,
    "trpc-accept": fc.constantFrom("application/jsonl", "x"),
    accept: headerValue,
    origin: headerValue,
  },
  { requiredKeys: [] },
);
const method = fc.constantFrom("GET", "POST", "DELETE", "PUT", "PATCH", "HEAD", "OPTIONS", "TRACE", "PROPFIND");
const endpoints = () => restProcedures.map(({ meta }) => `/api${meta.path.replace(/\{\w+\}/g, jobId)}`);

describe("nothing that a stranger sends is our fault, and no answer tells of our inside", () => {
  test("whatever the body, at every endpoint", async () => {
    const call = fc.record({ method, headers, body: fc.oneof(anyBody, knownFields), path: fc.nat() });
    await fc.assert(
      fc.asyncProperty(call, ({ path, ...rest }) => {
        const all = endpoints();
        return holds({ ...rest, path: all[path % all.length] ?? "" });
      }),
      RUNS,
    );
  });

  test("whatever the path and the query", async () => {
    const piece = fc.oneof(
      fc.constantFrom(
        "jobs",
        "trpc",
        "lnurl",
        "withdraw",
        "estimate",
        "..",
        ".",
        "%2e%2e",
        "%00",
        "%zz",
        "%ff",
        "\\",
        "",
      ),
      fc.webSegment(),
      fc.string().map(encodeURIComponent),
    );
    const query = fc.oneof(
      fc.constant(""),
      fc.webQueryParameters().map((text) => `?${text}`),
      fc.constant("?%zz=%00&k1=%ff"),
    );
    const path = fc
      .tuple(fc.array(piece, { maxLength: 5 }), query)
      .map(([parts, tail]) => `/api/${parts.join("/")}${tail}`);
    await fc.assert(
      fc.asyncProperty(fc.record({ method, path, headers, body: fc.constant(new Uint8Array()) }), holds),
      RUNS,
    );
  });

  test("whatever is said to tRPC", async () => {
    const name = fc.constantFrom(
      "jobs.create",
      "jobs.get",
      "jobs.refund",
      "jobs.watch",
      "estimate",
      "nothing",
      "",
      "jobs",
    );
    const names = fc.array(name, { minLength: 1, maxLength: 12 }).map((all) => all.join(","));
    const input = fc.oneof(fc.json({ maxDepth: 3 }), fc.string(), fc.constant('{"0":{"jobId":7}}'), fc.constant("{"));
    const query = fc.record({ batch: fc.constantFrom("", "1", "2"), input });
    const call = fc.record({
      method: fc.constantFrom("GET", "POST"),
      names,
      query,
      headers,
      body: fc.oneof(anyBody, knownFields),
    });
    await fc.assert(
      fc.asyncProperty(call, ({ names: path, query: { batch, input: given }, ...rest }) =>
        holds({ ...rest, path: `/api/trpc/${path}?batch=${batch}&input=${encodeURIComponent(given)}` }),
      ),
      RUNS,
    );
  });

  test("it came as far as every kind of answer", () => {
    expect([...seen]).toEqual(expect.arrayContaining([200, 204, 400, 404, 405, 415]));
  });

  test("and nothing of it was unexpected", () => {
    expect(container.logged.filter((line) => line.includes("unexpected error"))).toEqual([]);
  });
});
