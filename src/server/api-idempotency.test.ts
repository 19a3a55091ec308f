import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { err } from "~/core/result";
import { edgeClient, expectProblem } from "~/testing/edge-client";
import { type EdgeServer, edgeServer } from "~/testing/edge-server";
import { type FakeContainer, fakeContainer, TOKEN } from "~/testing/fake-container";

const KEY = "a-random-key-of-enough-letters";
let container: FakeContainer;
let server: EdgeServer;
let post: ReturnType<typeof edgeClient>["post"];

beforeAll(async () => {
  container = await fakeContainer();
  server = await edgeServer(container);
  ({ post } = edgeClient(server.url));
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(() => {
  container.created.length = 0;
  container.hints.length = 0;
});
const newJob = async () => (await post("/api/jobs", { request: "hello" })).json() as Promise<{ jobId: string }>;

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
