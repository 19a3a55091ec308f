import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { decodeInvoice } from "~/adapters/bolt11/decode-invoice";
import { simulatedWallet } from "~/adapters/simulated-wallet/simulated-wallet";
import { msat, sats } from "~/core/money";
import { openDatabase } from "~/db/client";
import { simulatedWalletStore } from "~/db/simulated-wallet-store";
import { systemClock } from "~/ports/clock";
import { testDatabase } from "./database";
import { outsideInvoice } from "./outside-node";
import { type TroubledWallet, troubledWallet } from "./troubled-wallet";

let inner: ReturnType<typeof simulatedWallet>;
let wallet: TroubledWallet;
const ends: (() => Promise<void>)[] = [];

beforeAll(async () => {
  const home = await testDatabase();
  const database = openDatabase(home.url, { poolSize: 4 });
  const store = simulatedWalletStore(database);
  inner = simulatedWallet({ store, clock: systemClock, decodeInvoice, secret: "s", openingSats: sats(1000n) });
  wallet = troubledWallet(inner);
  ends.push(() => database.close(), home.drop);
});
afterAll(async () => {
  for (const end of ends) await end();
});

const order = { amountSats: sats(5n), memo: "m", expirySeconds: 600, reference: "r" };
const toPay = () => ({ ...outsideInvoice({ amountMsat: msat(10_000n) }), reference: "r" });
const create = async () => {
  const created = await inner.createInvoice(order);
  if (!created.ok) throw new Error(created.error.detail);
  return created.value;
};

test("each trouble strikes once, in order, and only its own kind of call", async () => {
  wallet.next("createInvoice", { kind: "timesOutBefore" }, { kind: "busy", retryAfterSeconds: 7 });
  expect(await wallet.balance()).toMatchObject({ ok: true });
  expect(await wallet.createInvoice(order)).toMatchObject({ ok: false, error: { code: "walletDown" } });
  expect(await wallet.createInvoice(order)).toMatchObject({
    ok: false,
    error: { code: "walletBusy", retryAfterSeconds: 7 },
  });
  expect(await wallet.createInvoice(order)).toMatchObject({ ok: true });
});

test("a payment that timed out was made, or not", async () => {
  const [before, after] = [toPay(), toPay()];
  wallet.next("pay", { kind: "timesOutBefore" }, { kind: "timesOutAfter" });
  expect(await wallet.pay(before)).toMatchObject({ outcome: "unknown" });
  expect(await wallet.pay(after)).toMatchObject({ outcome: "unknown" });
  expect(await wallet.lookUpPayment(before.paymentHash)).toMatchObject({ value: { state: "notFound" } });
  expect(await wallet.lookUpPayment(after.paymentHash)).toMatchObject({ value: { state: "paid" } });
});

test.each([
  ["pending", "pending", 10_000n],
  ["arrivesLate", "notFound", 0n],
] as const)("a payment that is %s is %s until it is let go", async (kind, state, reserved) => {
  for (const end of ["goesOut", "fails"] as const) {
    const payment = toPay();
    const held = await inner.balance();
    wallet.next("pay", { kind });
    expect(await wallet.pay(payment)).toMatchObject({ outcome: "unknown" });
    expect(await wallet.pay(payment)).toMatchObject({ outcome: "unknown" });
    expect(await wallet.lookUpPayment(payment.paymentHash)).toMatchObject({ value: { state } });
    expect(held.ok && (await wallet.balance())).toEqual({ ok: true, value: (held.ok ? held.value : 0n) - reserved });
    await wallet.letGo(payment.paymentHash, end);
    const after = end === "goesOut" ? "paid" : "failed";
    expect(await wallet.lookUpPayment(payment.paymentHash)).toMatchObject({ value: { state: after } });
  }
});

test("a wallet that is down answers nothing, and tells whether a payment could have left", async () => {
  wallet.down();
  expect(await wallet.lookUpInvoice("00".repeat(32))).toMatchObject({ error: { code: "walletDown" } });
  expect(await wallet.pay(toPay())).toMatchObject({ outcome: "notSent" });
  wallet.down("silent");
  expect(await wallet.pay(toPay())).toMatchObject({ outcome: "unknown" });
  wallet.up();
  expect(await wallet.balance()).toMatchObject({ ok: true });
});

test("an invoice can be called over once, and be paid afterwards", async () => {
  const invoice = await create();
  wallet.sayExpiredOnce(invoice.paymentHash);
  expect(await wallet.lookUpInvoice(invoice.paymentHash)).toMatchObject({ value: { state: "expired" } });
  await inner.devPayer.pay(invoice);
  expect(await wallet.lookUpInvoice(invoice.paymentHash)).toMatchObject({ value: { state: "settled" } });
});

test("hints can be lost while the feed claims to be well", async () => {
  const [told, heard]: [string[], string[]] = [[], []];
  const overheard = troubledWallet({
    ...inner,
    followSettlements: (hint) =>
      inner.followSettlements((hash) => {
        told.push(hash);
        hint(hash);
      }),
  });
  const feed = overheard.followSettlements((hash) => heard.push(hash));
  await vi.waitFor(() => expect(feed.healthy()).toBe(true));
  const [lost, found] = [await create(), await create()];
  overheard.loseHints(true);
  await inner.devPayer.pay(lost);
  await vi.waitFor(() => expect(told).toEqual([lost.paymentHash]));
  expect(feed.healthy()).toBe(true);
  overheard.loseHints(false);
  await inner.devPayer.pay(found);
  await vi.waitFor(() => expect(heard).toEqual([found.paymentHash]));
  await feed.stop();
});

test("a slow call waits for its moment", async () => {
  let release = () => {};
  const until = new Promise<void>((resolve) => {
    release = resolve;
  });
  wallet.next("balance", { kind: "slow", until });
  let answered = false;
  const asked = wallet.balance().then(() => {
    answered = true;
  });
  expect(await inner.balance()).toMatchObject({ ok: true });
  expect(answered).toBe(false);
  release();
  await asked;
  expect(wallet.calls.at(-1)).toEqual({ call: "balance" });
});
