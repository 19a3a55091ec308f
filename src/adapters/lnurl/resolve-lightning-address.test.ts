import { expect, test } from "vitest";
import { type Msat, msat, sats } from "~/core/money";
import { outsideInvoice } from "~/testing/outside-node";
import { webServer } from "~/testing/web-server";
import { decodeInvoice } from "../bolt11/decode-invoice";
import { lightningAddressResolver } from "./resolve-lightning-address";

type Reply = { status?: number; body: unknown };
type Service = {
  offer?: (host: string) => Reply;
  callback?: (query: URLSearchParams) => Reply;
};

/** A LUD-16 service for name "anna", in every respect correct but for what is replaced. */
async function service({ offer, callback }: Service = {}) {
  const server = await webServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://here");
    const reply = url.pathname.startsWith("/.well-known/lnurlp/")
      ? (offer ?? payRequest())(server.host)
      : (callback ?? invoiceFor())(url.searchParams);
    response.writeHead(reply.status ?? 200, { "Content-Type": "application/json" });
    response.end(typeof reply.body === "string" ? reply.body : JSON.stringify(reply.body));
  });
  const resolve = lightningAddressResolver({ decodeInvoice, privateHosts: [server.host] });
  return Object.assign(server, { resolve, address: `anna@${server.host}` });
}

const payRequest =
  (changes: object = {}) =>
  (host: string): Reply => ({
    body: {
      tag: "payRequest",
      callback: `http://${host}/pay?for=anna`,
      minSendable: 1000,
      maxSendable: 1e8,
      metadata: "[]",
      ...changes,
    },
  });

const invoiceFor =
  (change: (amount: Msat) => Msat | null = (amount) => amount) =>
  (query: URLSearchParams): Reply => {
    const amountMsat = change(msat(BigInt(query.get("amount") ?? "0")));
    return { body: { pr: outsideInvoice({ amountMsat, network: "bc" }).paymentRequest, routes: [] } };
  };

test("the answer is an invoice of exactly the amount, asked for in msat beside what the callback carries", async () => {
  await using anna = await service();
  const resolved = await anna.resolve(anna.address, sats(1234n));
  expect(resolved.ok && decodeInvoice(resolved.value.paymentRequest)).toMatchObject({
    value: { amountMsat: 1_234_000n },
  });
  expect(anna.asked).toEqual(["/.well-known/lnurlp/anna", "/pay?for=anna&amount=1234000"]);
});

test.each([
  ["a msat more", (amount: Msat) => msat(amount + 1n)],
  ["a sat less", (amount: Msat) => msat(amount - 1000n)],
  ["any amount", () => null],
])("an invoice of %s is refused", async (_, change) => {
  await using anna = await service({ callback: invoiceFor(change) });
  expect(await anna.resolve(anna.address, sats(50n))).toMatchObject({ ok: false, error: { code: "addressUnusable" } });
});

test.each([
  ["below the minimum", 4n, { minSendable: 4001 }, { minSats: 5n, maxSats: 100_000n }],
  ["above the maximum", 60n, { maxSendable: 50_999 }, { minSats: 1n, maxSats: 50n }],
])(
  "an amount %s is told with the limits in whole sats, and no invoice is asked for",
  async (_, amount, limits, expected) => {
    await using anna = await service({ offer: payRequest(limits) });
    expect(await anna.resolve(anna.address, sats(amount))).toEqual({
      ok: false,
      error: { code: "addressAmountOutOfRange", ...expected },
    });
    expect(anna.asked).toHaveLength(1);
  },
);

test("limits are met exactly", async () => {
  await using anna = await service({ offer: payRequest({ minSendable: 50_000, maxSendable: 50_000 }) });
  expect(await anna.resolve(anna.address, sats(50n))).toMatchObject({ ok: true });
});

test.each<[string, Service]>([
  ["no JSON", { offer: () => ({ body: "<html>" }) }],
  ["a withdraw offer", { offer: payRequest({ tag: "withdrawRequest" }) }],
  ["no callback", { offer: payRequest({ callback: undefined }) }],
  ["amounts that are no numbers", { offer: payRequest({ minSendable: "1000" }) }],
  ["a range that holds no whole sat", { offer: payRequest({ minSendable: 1001, maxSendable: 1999 }) }],
  ["404", { offer: () => ({ status: 404, body: "nobody" }) }],
  ["an error", { offer: () => ({ body: { status: "ERROR", reason: "gone" } }) }],
  ["an error instead of an invoice", { callback: () => ({ body: { status: "ERROR", reason: "gone" } }) }],
  ["nonsense instead of an invoice", { callback: () => ({ body: { pr: "lnbc1oops" } }) }],
  ["a callback into our network", { offer: payRequest({ callback: "https://127.0.0.1/pay" }) }],
  ["a callback by plain http", { offer: payRequest({ callback: "http://example.com/pay" }) }],
])("a service that answers %s is unusable", async (_, replies) => {
  await using anna = await service(replies);
  expect(await anna.resolve(anna.address, sats(50n))).toMatchObject({ ok: false, error: { code: "addressUnusable" } });
});

test("a service in trouble is unreachable: it may answer later", async () => {
  await using anna = await service({ callback: () => ({ status: 503, body: "later" }) });
  expect(await anna.resolve(anna.address, sats(50n))).toMatchObject({
    ok: false,
    error: { code: "addressUnreachable" },
  });
});

test("a service's reason is shown as one short line", async () => {
  const reason = `no\r\n\u0000such \u202euser ${"x".repeat(5000)}`;
  await using anna = await service({ offer: () => ({ body: { status: "ERROR", reason } }) });
  const resolved = await anna.resolve(anna.address, sats(50n));
  const detail = !resolved.ok && "detail" in resolved.error ? resolved.error.detail : "";
  expect(detail).toMatch(/^The service of this address refuses: no such user x+$/);
  expect(detail.length).toBeLessThan(250);
});

test("the time counts for both questions together", async () => {
  await using anna = await webServer((request, response) => {
    if (request.url?.startsWith("/.well-known")) response.end(JSON.stringify(payRequest()(anna.host).body));
  });
  const resolve = lightningAddressResolver({ decodeInvoice, privateHosts: [anna.host], timeoutMs: 300 });
  expect(await resolve(`anna@${anna.host}`, sats(50n))).toMatchObject({
    ok: false,
    error: { code: "addressUnreachable" },
  });
  expect(anna.asked).toHaveLength(2);
});

test("the caller can end it sooner", async () => {
  await using anna = await webServer(() => undefined);
  const resolve = lightningAddressResolver({ decodeInvoice, privateHosts: [anna.host], timeoutMs: 60_000 });
  const signal = AbortSignal.timeout(50);
  expect(await resolve(`anna@${anna.host}`, sats(50n), { signal })).toMatchObject({
    error: { code: "addressUnreachable" },
  });
});

test.each(["anna", "anna@localhost", "anna@127.0.0.1", "anna@[::1]", "anna@10.0.0.1:8080"])(
  "%s is unusable",
  async (address) => {
    const resolve = lightningAddressResolver({ decodeInvoice });
    expect(await resolve(address, sats(50n))).toMatchObject({ ok: false, error: { code: "addressUnusable" } });
  },
);
