import { createServer } from "node:http";
import { connect } from "node:net";
import { describe, expect, test, vi } from "vitest";
import { ok } from "~/core/result";
import { fakeContainer } from "~/testing/fake-container";
import { createApi } from "./api";
import { PortTaken, startHttp } from "./http";

const serve = async (over = {}) => {
  const container = await fakeContainer(over);
  const http = await startHttp({ host: "127.0.0.1", port: 0, log: container.log });
  return { container, http };
};

describe("before it is ready", () => {
  test("the API says that it is starting, and when to come back", async () => {
    const { http } = await serve();
    const reply = await fetch(`${http.loopbackUrl}/api/readyz`);
    expect([reply.status, reply.headers.get("retry-after")]).toEqual([503, "2"]);
    expect(await reply.json()).toMatchObject({ code: "STARTING" });
    await http.close(0);
  });

  test("pages say so too", async () => {
    const { http } = await serve();
    const reply = await fetch(`${http.loopbackUrl}/`);
    expect([reply.status, reply.headers.get("retry-after")]).toEqual([503, "2"]);
    await http.close(0);
  });
});

test("a taken port is named, with the setting that changes it", async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const { port } = other.address() as { port: number };
  const { log } = await fakeContainer();
  const start = startHttp({ host: "127.0.0.1", port, log });
  await expect(start).rejects.toThrow(PortTaken);
  await expect(start).rejects.toThrow(new RegExp(`${port}.*PORT`));
  other.close();
});

test("/api goes to the API, everything else to the pages", async () => {
  const { container, http } = await serve();
  const seen: string[] = [];
  http.serveApi(createApi(container, { Response: http.Response }));
  http.servePages((incoming, outgoing) => {
    seen.push(incoming.url ?? "");
    outgoing.end("page");
  });
  const paths = ["/api/healthz", "/api?x=1", "/", "/apis", "/jobs/1", "/api-docs"];
  for (const path of paths) await (await fetch(http.loopbackUrl + path, { redirect: "manual" })).text();
  expect(seen).toEqual(["/", "/apis", "/jobs/1", "/api-docs"]);
  await http.close(0);
});

test("a page that breaks ends its own request only", async () => {
  const { container, http } = await serve();
  http.serveApi(createApi(container, { Response: http.Response }));
  http.servePages(() => Promise.reject(new Error("broken page")));
  await expect(fetch(`${http.loopbackUrl}/`)).rejects.toThrow();
  expect((await fetch(`${http.loopbackUrl}/api/healthz`)).status).toBe(200);
  expect(container.logged.join()).toContain("broken page");
  await http.close(0);
});

test("a Host that is none is a 400, not our fault", async () => {
  const { container, http } = await serve();
  http.serveApi(createApi(container, { Response: http.Response }));
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connect(http.port, "127.0.0.1", () =>
      socket.write("GET /api/healthz HTTP/1.1\r\nHost: a b/..\r\nConnection: close\r\n\r\n"),
    );
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk;
    });
    socket.on("end", () => resolve(text));
    socket.on("error", reject);
  });
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(answer).toContain("INVALID_REQUEST");
  await http.close(0);
});

describe("closing", () => {
  test("finishes what is in flight, and takes nothing new", async () => {
    let answer: (() => void) | undefined;
    const { container, http } = await serve();
    const waits = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const created = await container.jobs.create({ request: "hello", clientKey: "", pubkey: null });
    if (!created.ok) throw new Error("not created");
    const job = container.knownJobs.get(created.value.jobId);
    let asked = false;
    container.jobs.view = async () => {
      asked = true;
      await waits;
      return ok(job as never);
    };
    http.serveApi(createApi(container, { Response: http.Response }));
    const inFlight = fetch(`${http.loopbackUrl}/api/jobs/${created.value.jobId}`);
    await vi.waitFor(() => expect(asked).toBe(true));
    let closed = false;
    const closing = http.close(60_000).then(() => {
      closed = true;
    });
    await expect(fetch(`${http.loopbackUrl}/api/healthz`)).rejects.toThrow();
    expect(closed).toBe(false);
    answer?.();
    expect((await inFlight).status).toBe(200);
    await closing;
  });

  test("cuts off what does not end in time", async () => {
    const { container, http } = await serve();
    let asked = false;
    container.jobs.view = () => {
      asked = true;
      return new Promise(() => undefined);
    };
    http.serveApi(createApi(container, { Response: http.Response }));
    const inFlight = fetch(`${http.loopbackUrl}/api/jobs/1`);
    inFlight.catch(() => undefined);
    await vi.waitFor(() => expect(asked).toBe(true));
    await http.close(50);
    await expect(inFlight).rejects.toThrow();
  });
});

test("the globals that Next meets are Node's own", async () => {
  const native = { Request: globalThis.Request, Response: globalThis.Response };
  const { http } = await serve();
  expect({ Request: globalThis.Request, Response: globalThis.Response }).toEqual(native);
  expect(new http.Response("x", { status: 200, headers: {} })).not.toBeInstanceOf(native.Request);
  expect((await fetch(`${http.loopbackUrl}/api`)) instanceof globalThis.Response).toBe(true);
  await http.close(0);
});
