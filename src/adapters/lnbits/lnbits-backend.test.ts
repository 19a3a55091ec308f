import type { IncomingMessage, ServerResponse } from "node:http";
import { expect, test } from "vitest";
import { webServer } from "~/testing/web-server";
import { lnbitsBackend } from "./lnbits-backend";
import { lnbitsHttp } from "./lnbits-http";

const KEY = "5ec4e75ec4e75ec4e75ec4e75ec4e75e";
const NODE = {
  id: "02ab",
  backend_name: "LND",
  alias: "timmy",
  color: "#ffb357",
  num_peers: 4,
  blockheight: 900_000,
  channel_stats: { counts: { active: 3, pending: 1 }, avg_size: 1 },
  addresses: [],
};

type Answers = { wallet: [status: number, json: object]; node: [status: number, json: object] };

/** A server that answers the two questions so; what it was asked with. */
async function behind({ wallet, node }: Answers) {
  const keys: Record<string, unknown> = {};
  await using server = await webServer((request: IncomingMessage, response: ServerResponse) => {
    const [status, json] = request.url === "/api/v1/wallet" ? wallet : node;
    keys[request.url ?? ""] = request.headers["x-api-key"];
    response.writeHead(status).end(JSON.stringify(json));
  });
  const config = { url: server.url, apiKey: KEY, timeoutMs: 1_000 };
  const seen = await lnbitsBackend(config, lnbitsHttp(server.url))();
  return { seen, keys };
}

const HIDDEN: Answers["node"] = [503, { detail: "Not enabled" }];

test("the admin key is told its wallet's id, and so may pay; the node shows its public figures", async () => {
  const { seen, keys } = await behind({ wallet: [200, { name: "w", balance: 5, id: "w1" }], node: [200, NODE] });
  expect(seen).toEqual({ mayPay: true, node: { synced: null, blockHeight: 900_000, activeChannels: 3, peers: 4 } });
  // What anybody may read is asked without the key.
  expect(keys).toEqual({ "/api/v1/wallet": KEY, "/node/public/api/v1/info": "" });
});

test("the invoice key is not, and the node need not be visible", async () => {
  const { seen } = await behind({ wallet: [200, { name: "w", balance: 5 }], node: HIDDEN });
  expect(seen).toEqual({ mayPay: false, node: null });
});

test("no channel of any kind is none", async () => {
  const { seen } = await behind({
    wallet: [200, { balance: 5, id: "w1" }],
    node: [200, { ...NODE, channel_stats: { counts: {} } }],
  });
  expect(seen.node?.activeChannels).toBe(0);
});

test.each<[string, Answers]>([
  ["a wrong key", { wallet: [404, { detail: "Wallet not found." }], node: HIDDEN }],
  ["nonsense", { wallet: [200, { hello: "there" }], node: [200, { hello: "there" }] }],
])("%s tells nothing, and breaks nothing", async (_, answers) => {
  expect((await behind(answers)).seen).toEqual({ mayPay: null, node: null });
});

test("nor does nobody at all", async () => {
  const config = { url: "http://127.0.0.1:9", apiKey: KEY, timeoutMs: 200 };
  expect(await lnbitsBackend(config, lnbitsHttp(config.url))()).toEqual({ mayPay: null, node: null });
});
