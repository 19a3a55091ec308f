import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";

/** What any reverse proxy does: one address before several servers, in turn, and none to one that is not ready. */
export type Balancer = {
  url: string;
  /** Answers that each server gave, by its port. */
  answered: ReadonlyMap<number, number>;
  stop(): Promise<void>;
};

const LOOK_MS = 100;
const NEVER_CONNECTED = new Set(["ECONNREFUSED"]);

export async function startBalancer(ports: readonly number[]): Promise<Balancer> {
  const ready = new Set<number>();
  const answered = new Map(ports.map((port) => [port, 0]));
  let turn = 0;
  let looking = true;

  /** As `health_uri /api/readyz` of a proxy: a server that starts listens before it can serve. */
  async function watch(port: number): Promise<void> {
    while (looking) {
      const reply = await fetch(`http://127.0.0.1:${port}/api/readyz`, {
        headers: { connection: "close" },
        signal: AbortSignal.timeout(2_000),
      }).catch(() => null);
      await reply?.arrayBuffer().catch(() => null);
      if (reply?.ok) ready.add(port);
      else ready.delete(port);
      await pause(LOOK_MS);
    }
  }

  async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await buffer(incoming);
    for (let tries = 0; tries < ports.length * 2; tries += 1) {
      const candidates = ports.filter((port) => ready.has(port));
      const port = candidates[turn++ % Math.max(1, candidates.length)];
      if (port === undefined) break;
      const outcome = await ask(port, incoming, body, outgoing);
      if (outcome === "answered") answered.set(port, (answered.get(port) ?? 0) + 1);
      if (outcome !== "not there") return;
      ready.delete(port); // it takes no new connection: nothing was sent, so another may be asked
    }
    outgoing.writeHead(503, { "Content-Type": "text/plain" }).end("no server is ready\n");
  }

  const server = createServer((incoming, outgoing) => {
    pass(incoming, outgoing).catch(() => outgoing.destroy());
  });
  server.keepAliveTimeout = 120_000; // so that no client uses a connection that we just closed
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const watching = ports.map(watch);

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answered,
    async stop() {
      looking = false;
      await Promise.all(watching);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function ask(
  port: number,
  { method, url: path, headers }: IncomingMessage,
  body: Buffer,
  outgoing: ServerResponse,
): Promise<"answered" | "not there" | "broke"> {
  return new Promise((resolve) => {
    const { connection: _, "content-length": __, ...rest } = headers;
    const sent = httpRequest(
      { host: "127.0.0.1", port, method, path, agent: false, headers: { ...rest, "content-length": body.length } },
      (reply) => {
        const { connection: ___, ...own } = reply.headers;
        outgoing.writeHead(reply.statusCode ?? 502, own);
        reply.pipe(outgoing);
        reply.on("end", () => resolve("answered"));
        reply.on("error", broke);
      },
    );
    const broke = (error: NodeJS.ErrnoException) => {
      if (outgoing.headersSent) outgoing.destroy();
      else outgoing.writeHead(502, { "Content-Type": "text/plain" }).end(`the server went away: ${error.code}\n`);
      resolve("broke");
    };
    sent.on("error", (error: NodeJS.ErrnoException) => {
      if (NEVER_CONNECTED.has(error.code ?? "")) resolve("not there");
      else broke(error);
    });
    sent.end(body);
  });
}
