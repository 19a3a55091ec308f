import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { lnbitsHttp } from "./lnbits-http";
import { lnbitsSettlements } from "./lnbits-settlements";

const HASH = "ab".repeat(32);
const PATIENCE = { timeout: 20_000, interval: 5 };
let http: Server;
let sockets: WebSocketServer;
let url: string;
let feeds: { stop(): Promise<void> }[];
let heard: string[];
/** False: pings are not answered, as by a peer that is gone without a word. */
let alive = true;

beforeEach(async () => {
  [heard, feeds, alive] = [[], [], true];
  http = createServer((_, response) => response.end('{"name":"ours","balance":0}'));
  sockets = new WebSocketServer({ server: http, autoPong: false });
  sockets.on("connection", (socket) => socket.on("ping", () => alive && socket.pong()));
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
});
afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(feeds.map((feed) => feed.stop()));
  for (const socket of sockets.clients) socket.terminate();
  http.closeAllConnections();
  await new Promise((resolve) => http.close(resolve));
});

function follow() {
  const config = { url, apiKey: "admin", invoiceKey: "in/key", timeoutMs: 5_000 };
  const feed = lnbitsSettlements(config, lnbitsHttp(url), (hash) => heard.push(hash));
  feeds.push(feed);
  return feed;
}
const connected = () => new Promise<WebSocket>((resolve) => sockets.once("connection", resolve));
const settlement = (changes: object = {}) =>
  JSON.stringify({ wallet_balance: 10, payment: { payment_hash: HASH, amount: 10_000, ...changes } });

test("tells the hash of what came in, and nothing of what went out or makes no sense", async () => {
  const [socket, feed] = [connected(), follow()];
  const server = await socket;
  for (const text of ["{", "null", '"x"', "{}", settlement({ payment_hash: "x" }), settlement({ amount: -10_000 })])
    server.send(text);
  server.send(settlement());
  await vi.waitFor(() => expect(heard).toEqual([HASH]), PATIENCE);
  expect(feed.healthy()).toBe(true);
});

test("comes back after the connection broke", async () => {
  const [first, feed] = [connected(), follow()];
  const socket = await first;
  await vi.waitFor(() => expect(feed.healthy()).toBe(true), PATIENCE);
  const second = connected();
  socket.terminate();
  await vi.waitFor(() => expect(feed.healthy()).toBe(false), { ...PATIENCE, interval: 1 });
  (await second).send(settlement());
  await vi.waitFor(() => expect(heard).toEqual([HASH]), PATIENCE);
  expect(feed.healthy()).toBe(true);
});

test("a server that no longer answers pings is left, though the connection stands; one that does is not", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const [first, feed] = [connected(), follow()];
  const server = await first;
  let pings = 0;
  server.on("ping", () => {
    pings += 1;
  });
  // What was sent after the pong has arrived after it.
  const pongArrives = async () => {
    heard.length = 0;
    server.send(settlement());
    await vi.waitFor(() => expect(heard).toEqual([HASH]), PATIENCE);
  };
  for (const round of [1, 2, 3]) {
    await vi.waitFor(() => expect(pings).toBe(round), PATIENCE);
    await pongArrives();
    expect(feed.healthy()).toBe(true);
    if (round === 3) alive = false;
    vi.advanceTimersByTime(20_000);
  }
  await vi.waitFor(() => expect(pings).toBe(4), PATIENCE);
  expect(feed.healthy()).toBe(true);
  vi.advanceTimersByTime(20_000);
  await vi.waitFor(() => expect(feed.healthy()).toBe(false), PATIENCE);
});

test("after the stop nothing is told and nobody connects again", async () => {
  const [first, feed] = [connected(), follow()];
  await first;
  await vi.waitFor(() => expect(feed.healthy()).toBe(true), PATIENCE);
  await feed.stop();
  expect(feed.healthy()).toBe(false);
  await vi.waitFor(() => expect(sockets.clients.size).toBe(0), PATIENCE);
});

test("a message beyond all measure ends the connection, not the process", async () => {
  const [first, feed] = [connected(), follow()];
  const socket = await first;
  await vi.waitFor(() => expect(feed.healthy()).toBe(true), PATIENCE);
  const second = connected();
  socket.send("x".repeat(1024 * 1024));
  (await second).send(settlement());
  await vi.waitFor(() => expect(heard).toEqual([HASH]), PATIENCE);
});
