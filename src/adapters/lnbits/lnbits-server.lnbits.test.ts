import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeAll, describe, expect, inject, test, vi } from "vitest";
import { WebSocket } from "ws";
import { msat, sats } from "~/core/money";
import type { CreatedInvoice, LightningWallet } from "~/ports/lightning-wallet";
import { type LnbitsTestWallet, lnbitsAccounts, lnbitsServer } from "~/testing/lnbits-server";
import { outsideInvoice } from "~/testing/outside-node";
import { webServer } from "~/testing/web-server";
import { decodeInvoice } from "../bolt11/decode-invoice";
import type { LnbitsConfig } from "./lnbits-config";
import { lnbitsWallet } from "./lnbits-wallet";
import { parseWebhookHint } from "./webhook-hint";

const PATIENCE = { timeout: 20_000, interval: 50 };
const server = inject("lnbits");
let keys: LnbitsTestWallet;
let visitorKeys: LnbitsTestWallet;

beforeAll(async () => {
  const accounts = lnbitsAccounts(server);
  [keys, visitorKeys] = await Promise.all([accounts.newWallet("ours"), accounts.newWallet("visitor")]);
  await accounts.topUp(visitorKeys, 1_000_000);
});
afterEach(() => vi.restoreAllMocks());

const configOf = (wallet: LnbitsTestWallet): LnbitsConfig => ({
  url: server.url,
  apiKey: wallet.adminkey,
  timeoutMs: 10_000,
});
const walletOf = (wallet: LnbitsTestWallet, changes: Partial<LnbitsConfig> = {}) =>
  lnbitsWallet({ config: { ...configOf(wallet), ...changes }, decodeInvoice });

async function create(wallet: LightningWallet, amountSats = 9n, expirySeconds = 600): Promise<CreatedInvoice> {
  const created = await wallet.createInvoice({
    amountSats: sats(amountSats),
    memo: "m",
    expirySeconds,
    reference: randomUUID(),
  });
  if (!created.ok) throw new Error(JSON.stringify(created.error));
  return created.value;
}
const payAsVisitor = (invoice: CreatedInvoice) => walletOf(visitorKeys).pay({ ...invoice, reference: randomUUID() });

test("the webhook arrives when an invoice is paid, and its body names the hash", async () => {
  const bodies: string[] = [];
  await using listener = await webServer((request, response) => {
    let body = "";
    request.on("data", (piece) => {
      body += piece;
    });
    request.on("end", () => {
      bodies.push(body);
      response.end("{}");
    });
  });
  const wallet = walletOf(keys, { webhookUrl: `${listener.url}/api/webhooks/lnbits/secret` });
  const invoice = await create(wallet);
  expect(await payAsVisitor(invoice)).toMatchObject({ outcome: "paid" });
  await vi.waitFor(() => expect(bodies.length).toBeGreaterThan(0), PATIENCE);
  expect(listener.asked[0]).toBe("/api/webhooks/lnbits/secret");
  expect(bodies.map((body) => parseWebhookHint(body))).toEqual(bodies.map(() => invoice.paymentHash));
});

describe("with a key that LNbits does not know", () => {
  const wrong = { adminkey: "0badc0de".repeat(4), inkey: "0badc0de".repeat(4), id: "" };
  const refused = { ok: false, error: { code: "walletRefused" } };

  test("every question is refused, and none is answered with 'no such payment'", async () => {
    const invoice = await create(walletOf(keys));
    const paid = await create(walletOf(keys));
    await payAsVisitor(paid);
    const wallet = walletOf(wrong);
    const order = { amountSats: sats(1n), memo: "m", expirySeconds: 60, reference: randomUUID() };
    const answers = [
      await wallet.createInvoice(order),
      await wallet.balance(),
      await wallet.lookUpInvoice(invoice.paymentHash),
      await wallet.lookUpInvoice(paid.paymentHash),
      await wallet.lookUpInvoice("00".repeat(32)),
      await wallet.lookUpInvoices([{ paymentHash: invoice.paymentHash, createdAt: new Date() }]),
      await wallet.lookUpPayment(paid.paymentHash),
      await wallet.lookUpPayment("00".repeat(32)),
    ];
    for (const answer of answers) expect(answer).toMatchObject(refused);
    const outcome = await wallet.pay({ ...invoice, reference: randomUUID() });
    expect(outcome).toMatchObject({ outcome: "notSent" });
    expect(JSON.stringify([answers, outcome])).not.toContain("0badc0de");
    expect(JSON.stringify([answers, outcome])).not.toContain(new URL(server.url).host);
  });

  test("the feed never calls itself healthy, though the websocket takes any name", async () => {
    const socket = new WebSocket(`${server.url.replace("http", "ws")}/api/v1/ws/${wrong.inkey}`);
    await once(socket, "open");
    socket.terminate();
    const asked = vi.spyOn(globalThis, "fetch");
    const feed = walletOf(wrong).followSettlements(() => undefined);
    await vi.waitFor(() => expect(asked.mock.calls.length).toBeGreaterThan(2), PATIENCE);
    expect(feed.healthy()).toBe(false);
    await feed.stop();
  });
});

test("the read key is enough to take payments, and cannot pay", async () => {
  const wallet = lnbitsWallet({ config: { ...configOf(keys), apiKey: keys.inkey }, decodeInvoice });
  const invoice = await create(wallet);
  await payAsVisitor(invoice);
  expect(await wallet.lookUpInvoice(invoice.paymentHash)).toMatchObject({ value: { state: "settled" } });
  const outside = await create(walletOf(visitorKeys));
  expect(await wallet.pay({ ...outside, reference: randomUUID() })).toMatchObject({ outcome: "notSent" });
});

test("the feed works with the admin key alone", async () => {
  const heard: string[] = [];
  const feed = walletOf(keys).followSettlements((hash) => heard.push(hash));
  await vi.waitFor(() => expect(feed.healthy()).toBe(true), PATIENCE);
  const invoice = await create(walletOf(keys));
  await payAsVisitor(invoice);
  await vi.waitFor(() => expect(heard).toContain(invoice.paymentHash), PATIENCE);
  await feed.stop();
});

test("130 invoices of every state are looked up in a few calls", async () => {
  const wallet = walletOf(keys);
  const brief = await Promise.all(Array.from({ length: 5 }, () => create(wallet, 3n, 1)));
  const invoices = await Promise.all(Array.from({ length: 125 }, () => create(wallet, 3n)));
  for (const invoice of invoices.slice(0, 5)) await payAsVisitor(invoice);
  const lastExpiry = Math.max(...brief.map(({ expiresAt }) => expiresAt.getTime()));
  await sleep(Math.max(0, lastExpiry - Date.now() + 10));

  const asked = vi.spyOn(globalThis, "fetch");
  const found = await wallet.lookUpInvoices(
    [...brief, ...invoices].map((invoice) => ({ ...invoice, createdAt: new Date() })),
  );
  expect(asked.mock.calls.length).toBeLessThanOrEqual(4);
  const states = found.ok ? [...found.value.values()].map(({ state }) => state) : [];
  const count = (wanted: string) => states.filter((state) => state === wanted).length;
  expect([count("expired"), count("settled"), count("open")]).toEqual([5, 5, 120]);
});

test("an invoice that was paid after its expiry is settled and not over: late money is seen", async () => {
  const wallet = walletOf(keys);
  const invoice = await create(wallet, 6n, 1);
  await sleep(Math.max(0, invoice.expiresAt.getTime() - Date.now() + 10));
  // Past our own guard against expired invoices: LNbits pays one of its own server as long as nobody has asked for it.
  const reply = await fetch(`${server.url}/api/v1/payments`, {
    method: "POST",
    headers: { "X-Api-Key": visitorKeys.adminkey, "Content-Type": "application/json" },
    body: JSON.stringify({ out: true, bolt11: invoice.paymentRequest }),
  });
  expect(await reply.json()).toMatchObject({ status: "success" });
  const settled = { state: "settled", creditedMsat: 6000n };
  expect(await wallet.lookUpInvoice(invoice.paymentHash)).toEqual({ ok: true, value: settled });
  const listed = await wallet.lookUpInvoices([{ ...invoice, createdAt: new Date() }]);
  expect(listed.ok && listed.value.get(invoice.paymentHash)).toEqual(settled);
});

test("an expired invoice of the same server is not taken for paid because LNbits shows us its record", async () => {
  const invoice = await create(walletOf(keys), 6n, 2);
  const late = { ...invoice, reference: randomUUID() };
  const slow = walletOf(visitorKeys);
  await sleep(Math.max(0, invoice.expiresAt.getTime() - Date.now() + 10));
  await vi.waitFor(async () => {
    expect(await walletOf(keys).lookUpInvoice(invoice.paymentHash)).toMatchObject({ value: { state: "expired" } });
  }, PATIENCE);
  // The guard against expired invoices goes by our clock: here it is slow, and LNbits answers 201 with that record.
  vi.spyOn(Date, "now").mockReturnValue(invoice.expiresAt.getTime() - 1000);
  expect(await slow.pay(late)).toMatchObject({ outcome: "unknown" });
  expect(await slow.lookUpPayment(invoice.paymentHash)).toEqual({ ok: true, value: { state: "notFound" } });
});

test("a payment that failed stays failed, and asking again is not taken for a success", async () => {
  const wallet = walletOf(visitorKeys);
  const invoice = outsideInvoice({ amountMsat: msat(2000n), network: "bc" });
  const pay = () => wallet.pay({ ...invoice, reference: randomUUID() });
  // FakeWallet pays invoices of its own server only.
  expect(await pay()).toMatchObject({ outcome: "failed" });
  expect(await wallet.lookUpPayment(invoice.paymentHash)).toMatchObject({ value: { state: "failed" } });
  expect(await pay()).toMatchObject({ outcome: "unknown" });
  expect(await wallet.lookUpPayment(invoice.paymentHash)).toMatchObject({ value: { state: "failed" } });
});

test("nothing that LNbits knows of an unpaid invoice's preimage comes out", async () => {
  const raw = vi.spyOn(globalThis, "fetch");
  const wallet = walletOf(keys);
  const created = await create(wallet);
  const answers = [
    created,
    await wallet.lookUpInvoice(created.paymentHash),
    await wallet.lookUpInvoices([{ paymentHash: created.paymentHash, createdAt: new Date() }]),
    await wallet.lookUpPayment(created.paymentHash),
  ];
  raw.mockRestore();
  const reply = await fetch(`${server.url}/api/v1/payments/${created.paymentHash}`, {
    headers: { "X-Api-Key": keys.inkey },
  });
  const { details } = (await reply.json()) as { details: { preimage: string } };
  expect(details.preimage).toMatch(/^[0-9a-f]{64}$/);
  const text = JSON.stringify(answers, (_, value) => (typeof value === "bigint" ? value.toString() : value));
  expect(text).not.toContain(details.preimage);
});

test("a server that goes down and comes back: down meanwhile, nothing sent, the feed back by itself", async () => {
  const own = await lnbitsServer(inject("lnbitsPython"));
  try {
    const accounts = lnbitsAccounts(own);
    const [ours, other] = await Promise.all([accounts.newWallet("ours"), accounts.newWallet("other")]);
    await Promise.all([accounts.topUp(ours, 1000), accounts.topUp(other, 1000)]);
    const [wallet, visitor] = [walletOf(ours, { url: own.url }), walletOf(other, { url: own.url })];
    const heard: string[] = [];
    const feed = wallet.followSettlements((hash) => heard.push(hash));
    await vi.waitFor(() => expect(feed.healthy()).toBe(true), PATIENCE);
    const [incoming, outgoing] = [await create(wallet), await create(visitor)];

    await own.stop();
    const down = { ok: false, error: { code: "walletDown" } };
    expect(await wallet.lookUpInvoice(incoming.paymentHash)).toMatchObject(down);
    expect(await wallet.lookUpPayment(outgoing.paymentHash)).toMatchObject(down);
    expect(await wallet.balance()).toMatchObject(down);
    expect(await wallet.pay({ ...outgoing, reference: randomUUID() })).toMatchObject({ outcome: "notSent" });
    await vi.waitFor(() => expect(feed.healthy()).toBe(false), PATIENCE);

    await own.start();
    // FakeWallet has forgotten its invoices, and LNbits calls them failed: that is not "expired" before the expiry.
    expect(await wallet.lookUpInvoice(incoming.paymentHash)).toEqual({ ok: true, value: { state: "open" } });
    const [later, laterOutgoing] = [await create(wallet), await create(visitor)];
    expect(await wallet.pay({ ...laterOutgoing, reference: randomUUID() })).toMatchObject({ outcome: "paid" });
    await vi.waitFor(() => expect(feed.healthy()).toBe(true), { timeout: 60_000, interval: 50 });
    expect(await visitor.pay({ ...later, reference: randomUUID() })).toMatchObject({ outcome: "paid" });
    await vi.waitFor(() => expect(heard).toContain(later.paymentHash), PATIENCE);
    await feed.stop();
  } finally {
    await own.remove();
  }
});
