import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { msat, sats } from "~/core/money";
import { openDatabase } from "~/db/client";
import { simulatedWalletStore } from "~/db/simulated-wallet-store";
import type { Clock } from "~/ports/clock";
import { type TestDatabase, testDatabase } from "~/testing/database";
import { outsideInvoice } from "~/testing/outside-node";
import { describeWalletContract, type WalletUnderTest } from "~/testing/wallet-contract";
import { decodeInvoice } from "../bolt11/decode-invoice";
import { simulatedWallet } from "./simulated-wallet";

/** A clock that real time drives and a test can push on. */
function pushableClock(): Clock & { push(ms: number): void } {
  let aheadMs = 0;
  return {
    now: () => new Date(Date.now() + aheadMs),
    push(ms) {
      aheadMs += ms;
    },
  };
}

function walletOn(url: string, clock: Clock = { now: () => new Date() }, openingSats = sats(0n)) {
  const database = openDatabase(url, { poolSize: 4 });
  const store = simulatedWalletStore(database);
  const wallet = simulatedWallet({ store, clock, decodeInvoice, secret: "a secret of the test", openingSats });
  return { wallet, store, database };
}

describeWalletContract("simulated", async (): Promise<WalletUnderTest> => {
  const home = await testDatabase();
  const clock = pushableClock();
  // Two of everything, as in two processes: what one does, the other must see.
  const one = walletOn(home.url, clock);
  const other = walletOn(home.url, clock);
  return {
    wallet: one.wallet,
    devPayer: one.wallet.devPayer,
    async payFromOutside(invoice) {
      const paid = await other.wallet.devPayer.pay(invoice);
      if (!paid.ok) throw new Error(`not paid: ${paid.error.code}`);
    },
    outsideInvoice: async (amountMsat, options) => outsideInvoice({ amountMsat, createdAt: clock.now(), ...options }),
    outsideInvoicePaidByAnother: async () => null,
    foreignInvoice: (amountMsat) => outsideInvoice({ amountMsat, network: "bc", createdAt: clock.now() }),
    passExpiry: async (expiresAt) => clock.push(Math.max(0, expiresAt.getTime() - clock.now().getTime())),
    async stop() {
      await Promise.all([one.database.close(), other.database.close()]);
      await home.drop();
    },
  };
});

describe("the simulated wallet's money", () => {
  let home: TestDatabase;
  let one: ReturnType<typeof walletOn>;
  let other: ReturnType<typeof walletOn>;
  beforeAll(async () => {
    home = await testDatabase();
    one = walletOn(home.url);
    other = walletOn(home.url);
  });
  afterAll(async () => {
    await Promise.all([one.database.close(), other.database.close()]);
    await home.drop();
  });

  const create = async (amountSats: bigint, expirySeconds = 600) => {
    const order = { amountSats: sats(amountSats), memo: "m", expirySeconds, reference: randomUUID() };
    const created = await one.wallet.createInvoice(order);
    if (!created.ok) throw new Error(created.error.detail);
    return created.value;
  };

  test("an invoice that two settle at once is credited once", async () => {
    for (let round = 0; round < 10; round += 1) {
      const { paymentHash } = await create(7n);
      const before = await one.store.readBalance();
      const wallets = [one, other, one, other];
      const settled = await Promise.all(wallets.map(({ store }) => store.settle(paymentHash, new Date())));
      expect(settled.filter((result) => result !== null)).toHaveLength(1);
      expect((await other.store.readBalance()) - before).toBe(7000n);
    }
  });

  test("what was called expired can never be settled, and what was settled is never called expired", async () => {
    for (let round = 0; round < 20; round += 1) {
      const { paymentHash, expiresAt } = await create(7n);
      const justBefore = new Date(expiresAt.getTime() - 1);
      // Two processes whose clocks differ by a millisecond, around the expiry.
      const [found, settled] = await Promise.all([
        one.store.readInvoices([paymentHash], expiresAt),
        other.store.settle(paymentHash, justBefore),
      ]);
      expect(found[0]?.state).toBe(settled ? "settled" : "expired");
      const [after] = await other.store.readInvoices([paymentHash], justBefore);
      expect(after?.state).toBe(settled ? "settled" : "expired");
    }
  });

  test("payments race from two pools, and the balance covers every one that went out", async () => {
    const { paymentHash } = await create(1000n);
    await one.store.settle(paymentHash, new Date());
    const held = await one.store.readBalance();
    const payments = Array.from({ length: 20 }, (_, index) => {
      const invoice = outsideInvoice({ amountMsat: msat(held / 5n) });
      return (index % 2 ? one : other).wallet.pay({ ...invoice, reference: randomUUID() });
    });
    const outcomes = (await Promise.all(payments)).map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === "paid")).toHaveLength(5);
    expect(outcomes.filter((outcome) => outcome === "notSent")).toHaveLength(15);
    expect(await one.store.readBalance()).toBe(held - (held / 5n) * 5n);
  });

  test("the wallet's own invoice is paid by itself or from outside, not by both", async () => {
    await one.store.settle((await create(100n)).paymentHash, new Date());
    for (let round = 0; round < 10; round += 1) {
      const invoice = await create(10n);
      const before = await one.store.readBalance();
      const [own, outside] = await Promise.all([
        one.wallet.pay({ ...invoice, reference: randomUUID() }),
        other.store.settle(invoice.paymentHash, new Date()),
      ]);
      const gained = (await one.store.readBalance()) - before;
      // From outside it came in; by itself nothing moved.
      expect(gained).toBe(outside ? 10_000n : 0n);
      expect(own.outcome).toBe(outside ? "failed" : "paid");
    }
  });

  test("an expired invoice is paid by nobody, though nobody has asked for it yet, and nothing moves", async () => {
    const invoice = await create(10n);
    const before = await one.store.readBalance();
    expect(before).toBeGreaterThan(10_000n);
    expect(await one.store.settle(invoice.paymentHash, invoice.expiresAt)).toBeNull();
    const payment = { ...invoice, amountMsat: msat(10_000n), reference: "r" };
    expect(await one.store.pay(payment, invoice.expiresAt)).toBe("notPayable");
    expect(await one.store.readPayment(invoice.paymentHash)).toBeNull();
    expect(await one.store.readBalance()).toBe(before);
  });

  test("why nothing is paid: paid before, settled, or another invoice with the hash of ours", async () => {
    const now = new Date();
    const [paid, settled, open] = [await create(10n), await create(10n), await create(10n)];
    await one.store.settle(settled.paymentHash, now);
    const payment = { amountMsat: msat(10_000n), reference: "r" };
    expect(await one.store.pay({ ...paid, ...payment }, now)).toBe("paid");
    expect(await one.store.pay({ ...paid, ...payment }, now)).toBe("alreadyPaid");
    const forged = { ...open, ...payment, paymentRequest: settled.paymentRequest };
    expect(await one.store.pay(forged, now)).toBe("notPayable");
    // A settled one is never "later, with more money".
    const tooMuch = { ...settled, ...payment, amountMsat: msat((await one.store.readBalance()) + 1n) };
    expect(await one.store.pay(tooMuch, now)).toBe("notPayable");
  });

  test("the database itself refuses a balance below zero", async () => {
    const overdraw = one.database.pool.query("UPDATE simulated_wallet SET balance_msat = -1");
    await expect(overdraw).rejects.toMatchObject({ code: "23514" });
  });

  test("both processes sign as one node", async () => {
    const order = { amountSats: sats(1n), memo: "m", expirySeconds: 60, reference: randomUUID() };
    const invoices = await Promise.all([one.wallet.createInvoice(order), other.wallet.createInvoice(order)]);
    const { decode } = await import("bolt11");
    const keys = invoices.map((made) => made.ok && decode(made.value.paymentRequest).payeeNodeKey);
    expect(keys[0]).toMatch(/^0[23][0-9a-f]{64}$/);
    expect(keys[1]).toBe(keys[0]);
  });
});

test("an opening balance counts once, whoever opens first", async () => {
  await using home = await testDatabase();
  const wallets = [walletOn(home.url, undefined, sats(500n)), walletOn(home.url, undefined, sats(900n))];
  const balances = await Promise.all(wallets.map(({ wallet }) => wallet.balance()));
  const [held] = balances;
  expect([500_000n, 900_000n]).toContain(held?.ok && held.value);
  expect(balances[1]).toEqual(held);
  await Promise.all(wallets.map(({ database }) => database.close()));
});

test("with its database gone the wallet is down, a payment's fate unknown, and nothing throws", async () => {
  const home = await testDatabase();
  const { wallet, database } = walletOn(home.url);
  expect(await wallet.balance()).toEqual({ ok: true, value: 0n });
  await home.drop();
  expect(await wallet.balance()).toMatchObject({ ok: false, error: { code: "walletDown" } });
  expect(await wallet.lookUpPayment("00".repeat(32))).toMatchObject({ ok: false, error: { code: "walletDown" } });
  const invoice = outsideInvoice({ amountMsat: msat(1000n) });
  expect(await wallet.pay({ ...invoice, reference: "r" })).toMatchObject({ outcome: "unknown" });
  await database.close();
});

test("a follower whose connection was cut comes back by itself and says so meanwhile", async () => {
  await using home = await testDatabase();
  const { wallet, database } = walletOn(home.url);
  const heard: string[] = [];
  const feed = wallet.followSettlements((hash) => heard.push(hash));
  await vi.waitFor(() => expect(feed.healthy()).toBe(true));

  await database.pool.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'timmy listens%' AND datname = current_database()",
  );
  await vi.waitFor(() => expect(feed.healthy()).toBe(false), { interval: 1 });
  await vi.waitFor(() => expect(feed.healthy()).toBe(true), { timeout: 10_000 });

  const order = { amountSats: sats(1n), memo: "m", expirySeconds: 60, reference: randomUUID() };
  const created = await wallet.createInvoice(order);
  if (!created.ok) throw new Error(created.error.detail);
  await wallet.devPayer.pay(created.value);
  await vi.waitFor(() => expect(heard).toEqual([created.value.paymentHash]));
  await feed.stop();
  await database.close();
});
