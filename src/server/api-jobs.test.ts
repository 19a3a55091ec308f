import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { edgeClient, expectProblem } from "~/testing/edge-client";
import { type EdgeServer, edgeServer } from "~/testing/edge-server";
import { type FakeContainer, fakeContainer, TOKEN } from "~/testing/fake-container";

let container: FakeContainer;
let server: EdgeServer;
let call: ReturnType<typeof edgeClient>["call"];
let post: ReturnType<typeof edgeClient>["post"];

beforeAll(async () => {
  container = await fakeContainer();
  server = await edgeServer(container);
  ({ call, post } = edgeClient(server.url));
});
afterAll(() => server[Symbol.asyncDispose]());
const newJob = async () => (await post("/api/jobs", { request: "hello" })).json() as Promise<{ jobId: string }>;

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
