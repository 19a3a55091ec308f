import type { IncomingMessage, ServerResponse } from "node:http";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { msat, sats } from "~/core/money";
import { outsideInvoice } from "~/testing/outside-node";
import { webServer } from "~/testing/web-server";
import { decodeInvoice } from "../bolt11/decode-invoice";
import type { LnbitsConfig } from "./lnbits-config";
import { lnbitsWallet } from "./lnbits-wallet";

// What the real server cannot be made to do; the rest is in the *.lnbits.test.ts files.

const KEY = "5ec4e75ec4e75ec4e75ec4e75ec4e75e";
const HASH = "ab".repeat(32);
const ORDER = { amountSats: sats(10n), memo: "m", expirySeconds: 600, reference: "r" };

const walletAt = (url: string, changes: Partial<LnbitsConfig> = {}) =>
  lnbitsWallet({ config: { url, apiKey: KEY, timeoutMs: 250, ...changes }, decodeInvoice });
const answering =
  (status: number, json: unknown, headers: Record<string, string> = {}) =>
  (_: IncomingMessage, response: ServerResponse) =>
    void response.writeHead(status, headers).end(typeof json === "string" ? json : JSON.stringify(json));

/** What each question says to a server that answers everything like this. */
async function askAll(url: string) {
  const wallet = walletAt(url);
  const answers = await Promise.all([
    wallet.createInvoice(ORDER),
    wallet.balance(),
    wallet.lookUpInvoice(HASH),
    wallet.lookUpInvoices([{ paymentHash: HASH, createdAt: new Date() }]),
    wallet.lookUpPayment(HASH),
  ]);
  const payment = { ...outsideInvoice({ amountMsat: msat(1000n), network: "bc" }), reference: "r" };
  const outcome = await wallet.pay(payment);
  const text = JSON.stringify([answers, outcome]);
  expect(text).not.toContain(KEY);
  expect(text).not.toContain(new URL(url).host);
  return { codes: answers.map((answer) => (answer.ok ? "ok" : answer.error.code)), answers, outcome: outcome.outcome };
}
const five = (code: string) => Array(5).fill(code);

test("a server that never answers is down, and a payment's fate unknown", async () => {
  await using server = await webServer(() => undefined);
  expect(await askAll(server.url)).toMatchObject({ codes: five("walletDown"), outcome: "unknown" });
});

test("a server that hangs in the middle of its answer is down, and a payment's fate unknown", async () => {
  await using server = await webServer((_, response) => void response.write('{"balance":'));
  expect(await askAll(server.url)).toMatchObject({ codes: five("walletDown"), outcome: "unknown" });
});

test("a server that cuts the connection is down, and a payment's fate unknown", async () => {
  await using server = await webServer((request) => void request.socket.destroy());
  expect(await askAll(server.url)).toMatchObject({ codes: five("walletDown"), outcome: "unknown" });
});

test("a server that is not there is down, and nothing was sent", async () => {
  const server = await webServer(() => undefined);
  await server.stop();
  expect(await askAll(server.url)).toMatchObject({ codes: five("walletDown"), outcome: "notSent" });
});

test("a host that does not exist is down, and nothing was sent", async () => {
  expect(await askAll("http://lnbits.invalid:5000")).toMatchObject({ codes: five("walletDown"), outcome: "notSent" });
});

test.each([
  ["a page", "<html>It works!</html>"],
  ["another shape", { hello: "world" }],
  ["nothing", ""],
])("%s instead of an answer is nonsense, and a payment's fate unknown", async (_, json) => {
  await using server = await webServer(answering(200, json));
  expect(await askAll(server.url)).toMatchObject({ codes: five("walletDown"), outcome: "unknown" });
});

test("too many calls is busy, for as long as the server says", async () => {
  await using server = await webServer(answering(429, { detail: "slow down" }, { "Retry-After": "17" }));
  const asked = await askAll(server.url);
  expect(asked).toMatchObject({ codes: five("walletBusy"), outcome: "notSent" });
  expect(asked.answers[0]).toMatchObject({ error: { retryAfterSeconds: 17 } });
});

test("a redirect is not followed: it would carry the key and a payment elsewhere", async () => {
  await using elsewhere = await webServer(answering(200, { balance: 1 }));
  await using server = await webServer(answering(307, "", { Location: elsewhere.url }));
  expect(await askAll(server.url)).toMatchObject({ codes: five("walletDown"), outcome: "notSent" });
  expect(elsewhere.asked).toEqual([]);
});

test("a refusal in LNbits' own words reaches the operator without what looks like a key", async () => {
  await using server = await webServer(answering(403, { detail: `Key ${KEY} may not\n do this.` }));
  const asked = await askAll(server.url);
  expect(asked).toMatchObject({ codes: five("walletRefused"), outcome: "notSent" });
  expect(asked.answers[1]).toMatchObject({ error: { detail: "LNbits answered 403: Key … may not do this." } });
});

test("its node in trouble while making an invoice is down; its unwillingness is a refusal", async () => {
  await using sick = await webServer(answering(520, { detail: "unexpected backend error.", status: "pending" }));
  expect(await walletAt(sick.url).createInvoice(ORDER)).toMatchObject({ error: { code: "walletDown" } });
  await using full = await webServer(
    answering(520, { detail: "Wallet balance cannot exceed 5 sats.", status: "failed" }),
  );
  expect(await walletAt(full.url).createInvoice(ORDER)).toMatchObject({ error: { code: "walletRefused" } });
});

test.each([
  ["another amount", () => outsideInvoice({ amountMsat: msat(10_001n), network: "bc" }), (hash: string) => hash],
  ["another hash", () => outsideInvoice({ amountMsat: msat(10_000n), network: "bc" }), () => HASH],
])("an invoice of %s than was asked for is not passed on", async (_, make, hashOf) => {
  const { paymentHash, paymentRequest } = make();
  await using server = await webServer(answering(201, { payment_hash: hashOf(paymentHash), bolt11: paymentRequest }));
  expect(await walletAt(server.url).createInvoice(ORDER)).toMatchObject({ error: { code: "walletDown" } });
});

test("what an invoice is asked for: whole sats, never outgoing, our reference, the webhook where there is one", async () => {
  const bodies: unknown[] = [];
  await using server = await webServer((request, response) => {
    let body = "";
    request.on("data", (piece) => {
      body += piece;
    });
    request.on("end", () => {
      bodies.push([request.url, request.headers["x-api-key"], JSON.parse(body)]);
      response.end("{}");
    });
  });
  await walletAt(`${server.url}/sub/`).createInvoice(ORDER);
  await walletAt(server.url, { invoiceKey: "in", webhookUrl: "https://timmy.example/hook" }).createInvoice(ORDER);
  const common = { out: false, unit: "sat", amount: 10, memo: "m", expiry: 600, external_id: "r" };
  expect(bodies).toEqual([
    ["/sub/api/v1/payments", KEY, common],
    ["/api/v1/payments", "in", { ...common, webhook: "https://timmy.example/hook" }],
  ]);
});

test("what cannot be paid is not even sent", async () => {
  await using server = await webServer(answering(201, {}));
  const wallet = walletAt(server.url);
  const good = outsideInvoice({ amountMsat: msat(1000n), network: "bc" });
  const old = outsideInvoice({ amountMsat: msat(1000n), network: "bc", createdAt: new Date(Date.now() - 7_200_000) });
  for (const invoice of [{ ...good, paymentHash: HASH }, old, { paymentHash: HASH, paymentRequest: "lnbc1" }]) {
    expect(await wallet.pay({ ...invoice, reference: "r" })).toMatchObject({ outcome: "failed" });
  }
  expect(server.asked).toEqual([]);
});

test("a payment under way says what it holds back, its fee reserve included", async () => {
  const row = { payment_hash: HASH, amount: -50_000, fee: -2_000, status: "pending" };
  await using server = await webServer(answering(200, { paid: false, details: row }));
  expect(await walletAt(server.url).lookUpPayment(HASH)).toEqual({
    ok: true,
    value: { state: "pending", reservedMsat: 52_000n },
  });
});

test("a fee for receiving comes off what was credited", async () => {
  const row = { payment_hash: HASH, amount: 50_000, fee: -500, status: "success" };
  await using server = await webServer(answering(200, { paid: true, details: row }));
  expect(await walletAt(server.url).lookUpInvoice(HASH)).toEqual({
    ok: true,
    value: { state: "settled", creditedMsat: 49_500n },
  });
});

test("the harness is real: the server that is not there refuses connections", async () => {
  const server = await webServer(() => undefined);
  await server.stop();
  const [host, port] = server.host.split(":");
  const socket = connect(Number(port), host);
  const error = await new Promise<NodeJS.ErrnoException>((resolve) => socket.once("error", resolve));
  expect(error.code).toBe("ECONNREFUSED");
});
