import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { untilReady } from "./until-ready";

async function answering(answer: RequestListener) {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.dispose]: () => void server.close().closeAllConnections(),
  };
}

test("asks again until the app is ready", async () => {
  let asked = 0;
  using app = await answering((_, reply) => {
    asked += 1;
    reply.writeHead(asked < 3 ? 503 : 200).end();
  });
  expect(await untilReady(app.url, new AbortController().signal)).toBe(true);
  expect(asked).toBe(3);
});

test("an app that is told to stop before it is ready is waited for no longer, whether it refuses or is silent", async () => {
  for (const answer of [
    (_: unknown, reply: { writeHead(status: number): { end(): void } }) => reply.writeHead(503).end(),
    () => {},
  ]) {
    let heard = () => {};
    const isAsked = new Promise<void>((resolve) => {
      heard = resolve;
    });
    using app = await answering((request, reply) => {
      heard();
      answer(request, reply);
    });
    const stop = new AbortController();
    const waiting = untilReady(app.url, stop.signal);
    await isAsked;
    stop.abort();
    expect(await waiting).toBe(false);
  }
});
