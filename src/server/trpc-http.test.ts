import {
  createTRPCClient,
  httpBatchLink,
  httpLink,
  httpSubscriptionLink,
  splitLink,
  TRPCClientError,
} from "@trpc/client";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type { JobFeedEvent } from "~/modules/jobs/job-schema";
import { type EdgeServer, edgeServer } from "~/testing/edge-server";
import { type FakeContainer, fakeContainer, TOKEN } from "~/testing/fake-container";
import { OPEN_SESSION } from "~/testing/fake-sessions";
import { createApi } from "./api";
import { startHttp } from "./http";
import type { AppRouter } from "./router";

let container: FakeContainer;
let server: EdgeServer;
beforeAll(async () => {
  container = await fakeContainer({}, { SSE_MAX_PER_CLIENT: "2", MAX_BODY_BYTES: "2000" });
  server = await edgeServer(container);
});
afterAll(() => server[Symbol.asyncDispose]());

const clientOf = (url: string, headers: Record<string, string> = {}) =>
  createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: ({ type }) => type === "mutation",
        true: httpLink({ url: `${url}/api/trpc`, headers }),
        false: httpBatchLink({ url: `${url}/api/trpc` }),
      }),
    ],
  });

const problemOf = async (call: Promise<unknown>) => {
  const error = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof TRPCClientError)) throw new Error(`no tRPC error: ${error}`);
  return error.data as Record<string, unknown>;
};

describe("tRPC tells the same as REST", () => {
  test("values", async () => {
    const api = clientOf(server.url);
    const { jobId } = await api.jobs.create.mutate({ request: "hello" });
    expect(await api.jobs.get.query({ jobId })).toEqual(container.knownJobs.get(jobId));
    expect(await api.estimate.query({ request: "hello" })).toMatchObject({ estimatedSats: 40 });
  });

  test("errors, each as its problem document", async () => {
    const api = clientOf(server.url);
    const { jobId } = await api.jobs.create.mutate({ request: "hello" });
    const calls: [call: () => Promise<unknown>, status: number, code: string][] = [
      [() => api.jobs.create.mutate({ request: "" }), 400, "REQUEST_MISSING"],
      [() => api.jobs.create.mutate({ request: "x".repeat(501) }), 400, "REQUEST_TOO_LONG"],
      [() => api.jobs.create.mutate({ request: "x".repeat(3000) }), 413, "BODY_TOO_LARGE"],
      [() => api.jobs.create.mutate({ request: 7 } as never), 400, "INVALID_REQUEST"],
      [() => api.jobs.get.query({ jobId: "unknown" }), 404, "JOB_NOT_FOUND"],
      [() => api.jobs.cancel.mutate({ jobId }), 401, "REFUND_TOKEN_MISSING"],
      [() => api.jobs.cancel.mutate({ jobId, refundToken: "wrong" }), 403, "REFUND_TOKEN_WRONG"],
      [() => (api as never as { nothing: { query(): Promise<unknown> } }).nothing.query(), 404, "ROUTE_NOT_FOUND"],
    ];
    for (const [call, status, code] of calls) {
      expect(await problemOf(call())).toMatchObject({ status, httpStatus: status, code, type: `/docs#${code}` });
    }
  });

  test("what is said in the room is tidied, and refused where it is too long or nothing", async () => {
    const api = clientOf(server.url);
    expect(await api.workshop.say.mutate({ text: " Good\u0000 evening " })).toMatchObject({
      shared: true,
      question: { text: "Good evening" },
    });
    for (const text of ["", "\u200b", "x".repeat(251)]) {
      expect(await problemOf(api.workshop.say.mutate({ text }))).toMatchObject({
        status: 400,
        code: "INVALID_REQUEST",
      });
    }
  });

  test("tokens by header, and idempotency", async () => {
    const keyed = clientOf(server.url, { "Idempotency-Key": "a-random-key-of-enough-letters" });
    const { jobId } = await keyed.jobs.create.mutate({ request: "once" });
    expect(await keyed.jobs.create.mutate({ request: "once" })).toMatchObject({ jobId });
    expect(await problemOf(keyed.jobs.create.mutate({ request: "two" }))).toMatchObject({
      code: "IDEMPOTENCY_KEY_REUSED",
    });
    const trusted = clientOf(server.url, { "X-Refund-Token": TOKEN });
    expect(await trusted.jobs.cancel.mutate({ jobId })).toMatchObject({ state: "cancelled" });
  });

  test("one Idempotency-Key for several calls at once is refused: the second would be told the first one's answer", async () => {
    const before = container.created.length;
    for (const path of ["jobs.create,jobs.create", "jobs.create%2Cjobs.create"]) {
      const reply = await fetch(`${server.url}/api/trpc/${path}?batch=1`, {
        method: "POST",
        headers: { "Content-Type": "application/json", "Idempotency-Key": `for-two-calls-at-once-${path}` },
        body: JSON.stringify({ 0: { request: "one" }, 1: { request: "two" } }),
      });
      const answers = (await reply.json()) as { error?: { data: unknown } }[];
      expect(answers).toHaveLength(2);
      for (const { error } of answers) expect(error?.data).toMatchObject({ code: "IDEMPOTENCY_KEY_UNUSABLE" });
    }
    expect(container.created).toHaveLength(before);
  });

  test("an unexpected error says no more than its incident", async () => {
    const broken = await fakeContainer();
    broken.jobs.view = () => Promise.reject(new Error("secret at /root/file.ts:1"));
    await using edge = await edgeServer(broken);
    const problem = await problemOf(clientOf(edge.url).jobs.get.query({ jobId: "1" }));
    expect(problem).toMatchObject({ status: 500, code: "INTERNAL" });
    expect(JSON.stringify(problem)).not.toMatch(/secret|root|stack/);
  });
});

describe("live updates (SSE)", () => {
  const streams: AbortController[] = [];
  afterEach(() => {
    for (const stream of streams.splice(0)) stream.abort();
  });

  /** The frames of a subscription as they arrive. */
  async function watch(
    url: string,
    input: object,
    procedure = "jobs.watch",
  ): Promise<{ frames: string[]; ended: Promise<void> }> {
    const abort = new AbortController();
    streams.push(abort);
    const path = `/api/trpc/${procedure}?input=${encodeURIComponent(JSON.stringify(input))}`;
    const reply = await fetch(url + path, { signal: abort.signal, headers: { accept: "text/event-stream" } });
    expect(reply.headers.get("content-type")).toBe("text/event-stream");
    expect(reply.headers.get("access-control-allow-origin")).toBe("*");
    const frames: string[] = [];
    const ended = (async () => {
      const text = new TextDecoder();
      for await (const chunk of reply.body ?? []) frames.push(...text.decode(chunk).split("\n\n"));
    })();
    ended.catch(() => undefined);
    return { frames, ended };
  }
  const has = (frames: string[], part: string) => vi.waitFor(() => expect(frames.join("\n")).toContain(part));
  const newJob = async () => {
    const created = await container.jobs.create({ request: "hello", clientKey: "", pubkey: null });
    if (!created.ok) throw new Error("not created");
    return created.value.jobId;
  };

  test("start with the present state, resume after the last event seen", async () => {
    const jobId = await newJob();
    const fresh = await watch(server.url, { jobId });
    await has(fresh.frames, "id: 1");
    await has(fresh.frames, '"type":"state"');
    const resumed = await watch(server.url, { jobId, lastEventId: "41" });
    await has(resumed.frames, "id: 42");
  });

  test("tRPC's own client gets events", async () => {
    const jobId = await newJob();
    const events: JobFeedEvent[] = [];
    const api = createTRPCClient<AppRouter>({
      links: [httpSubscriptionLink({ url: `${server.url}/api/trpc`, EventSource: await eventSource() })],
    });
    const subscription = api.jobs.watch.subscribe({ jobId }, { onData: ({ data }) => void events.push(data) });
    await vi.waitFor(() => expect(events).toMatchObject([{ type: "state", job: { jobId } }]));
    subscription.unsubscribe();
  });

  test("of the room: how it stands, and a place among the limits like any other", async () => {
    await using own = await edgeServer(await fakeContainer({}, { SSE_MAX_PER_CLIENT: "1" }));
    const { frames } = await watch(own.url, { lastEventId: "7" }, "workshop.watch");
    await has(frames, "id: 7");
    await has(frames, '"event":"visitor_count"');
    const second = await watch(own.url, {}, "workshop.watch");
    await has(second.frames, "TOO_MANY_STREAMS");
  });

  test("of an unknown job end with the problem", async () => {
    const { frames, ended } = await watch(server.url, { jobId: "unknown" });
    await ended;
    expect(frames.join("\n")).toMatch(/event: serialized-error\n.*JOB_NOT_FOUND/);
  });

  test("of a session need a ticket, which is good once and for that session alone", async () => {
    const client = (headers: Record<string, string>) =>
      createTRPCClient<AppRouter>({ links: [httpLink({ url: `${server.url}/api/trpc`, headers })] });
    const bearer = client({ authorization: "Bearer TUFD" });
    await expect(client({}).sessions.ticket.mutate({ id: OPEN_SESSION })).rejects.toMatchObject({
      data: { code: "CREDENTIAL_MISSING" },
    });
    await expect(client({}).sessions.peek.query({ id: OPEN_SESSION })).rejects.toMatchObject({
      data: { code: "CREDENTIAL_MISSING" },
    });
    expect(await bearer.sessions.peek.query({ id: OPEN_SESSION })).toMatchObject({ balanceSats: 500 });
    expect(await client({ "x-refund-token": TOKEN }).sessions.peek.query({ id: OPEN_SESSION })).toMatchObject({
      balanceSats: 500,
    });

    const { ticket } = await bearer.sessions.ticket.mutate({ id: OPEN_SESSION });
    const elsewhere = await watch(server.url, { id: "another", ticket }, "sessions.watch");
    await has(elsewhere.frames, "STREAM_TICKET_INVALID");
    const fresh = await watch(server.url, { id: OPEN_SESSION, ticket }, "sessions.watch");
    await has(fresh.frames, "id: v1");
    await has(fresh.frames, '"balanceSats":500');
    const again = await watch(server.url, { id: OPEN_SESSION, ticket }, "sessions.watch");
    await has(again.frames, "STREAM_TICKET_INVALID");
    const { ticket: next } = await bearer.sessions.ticket.mutate({ id: OPEN_SESSION });
    const forged = next.replace(/.$/, (last) => (last === "A" ? "B" : "A"));
    const wrong = await watch(server.url, { id: OPEN_SESSION, ticket: forged }, "sessions.watch");
    await has(wrong.frames, "STREAM_TICKET_INVALID");
  });

  test("beyond the limit of a client are refused, and a place is free again when one is left", async () => {
    const jobId = await newJob();
    const [one, two] = [await watch(server.url, { jobId }), await watch(server.url, { jobId })];
    await has(one.frames, "id: 1");
    await has(two.frames, "id: 1");
    const three = await watch(server.url, { jobId });
    await has(three.frames, "TOO_MANY_STREAMS");
    streams[0]?.abort();
    await vi.waitFor(async () => {
      const { frames, ended } = await watch(server.url, { jobId });
      await Promise.race([ended, has(frames, "id: 1")]);
      expect(frames.join("\n")).toContain("id: 1");
    }, 10_000);
  });

  test("are cut off at shutdown, not ended, so that clients reconnect", async () => {
    const own = await fakeContainer();
    const http = await startHttp({ host: "127.0.0.1", port: 0, log: own.log });
    http.serveApi(createApi(own, { Response: http.Response }));
    const created = await own.jobs.create({ request: "hello", clientKey: "", pubkey: null });
    const { frames, ended } = await watch(http.loopbackUrl, { jobId: created.ok ? created.value.jobId : "" });
    await has(frames, "id: 1");
    await http.close(60_000);
    await expect(ended).rejects.toThrow("terminated");
    expect(frames.join("\n")).not.toContain("event: return");
  });
});

/** Node 20 has no EventSource: just enough of one for tRPC's client. */
async function eventSource() {
  return class extends EventTarget {
    static readonly CONNECTING = 0;
    static readonly OPEN = 1;
    static readonly CLOSED = 2;
    readyState = 0;
    readonly #abort = new AbortController();
    constructor(readonly url: string) {
      super();
      this.#read().catch(() => undefined);
    }
    async #read() {
      const reply = await fetch(this.url, { signal: this.#abort.signal });
      this.readyState = 1;
      this.dispatchEvent(new Event("open"));
      let rest = "";
      for await (const chunk of reply.body ?? []) {
        rest += new TextDecoder().decode(chunk);
        const frames = rest.split("\n\n");
        rest = frames.pop() ?? "";
        for (const frame of frames) {
          const fields = Object.fromEntries(
            frame
              .trim()
              .split("\n")
              .map((line) => line.split(/: ?(.*)/s)),
          );
          const event = new MessageEvent(fields.event ?? "message", {
            data: fields.data,
            lastEventId: fields.id ?? "",
          });
          if (fields.data !== undefined) this.dispatchEvent(event);
        }
      }
    }
    close() {
      this.readyState = 2;
      this.#abort.abort();
    }
  } as never;
}
