import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What the server does with a call, in CoinGecko's ways. */
export type PriceAnswer =
  | { usd: unknown }
  /** Any body with status 200. */
  | { body: string }
  /** 429 (throttled), 5xx, 403 with a page of its CDN. */
  | { status: number; html?: boolean }
  | "hang"
  | "cut";

export type CoinGeckoServer = {
  url: string;
  /** Each of these once, in order; after them the last one for ever. */
  answer(...answers: PriceAnswer[]): void;
  /** Calls so far, and the most that were open at once. */
  calls: { total: number; atOnce: number };
  stop(): Promise<void>;
};

/** A server of CoinGecko's simple price (`GET /api/v3/simple/price?ids=bitcoin&vs_currencies=usd`, API v3). */
export async function startCoinGeckoServer(...first: PriceAnswer[]): Promise<CoinGeckoServer> {
  let answers = first;
  let open = 0;
  const calls = { total: 0, atOnce: 0 };

  const server = createServer((http, reply) => {
    const { pathname, searchParams } = new URL(http.url ?? "/", "http://localhost");
    const known = pathname === "/api/v3/simple/price" && searchParams.get("vs_currencies") === "usd";
    if (http.method !== "GET" || !known || searchParams.get("ids") !== "bitcoin") return json(reply, 404, {});
    calls.total += 1;
    open += 1;
    calls.atOnce = Math.max(calls.atOnce, open);
    reply.on("close", () => {
      open -= 1;
    });
    const answer = (answers.length > 1 ? answers.shift() : answers[0]) ?? { status: 500 };
    give(reply, answer);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answer(...next) {
      answers = next;
    },
    calls,
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

function give(reply: ServerResponse, answer: PriceAnswer): void {
  if (answer === "hang") return;
  if (answer === "cut") {
    reply.destroy();
  } else if ("usd" in answer) {
    json(reply, 200, { bitcoin: { usd: answer.usd } });
  } else if ("body" in answer) {
    reply.writeHead(200, { "content-type": "application/json; charset=utf-8" }).end(answer.body);
  } else if (answer.html) {
    reply.writeHead(answer.status, { "content-type": "text/html" }).end("<!DOCTYPE html><title>Just a moment…</title>");
  } else {
    reply.setHeader("retry-after", "60");
    json(reply, answer.status, {
      status: { error_code: answer.status, error_message: "You've exceeded the Rate Limit." },
    });
  }
}

function json(reply: ServerResponse, status: number, body: unknown): void {
  reply.writeHead(status, { "content-type": "application/json; charset=utf-8" }).end(JSON.stringify(body));
}
