import { afterAll, beforeAll, expect, test } from "vitest";
import { msat } from "~/core/money";
import { ok } from "~/core/result";
import { type Database, openDatabase } from "~/db/client";
import type { LightningWallet } from "~/ports/lightning-wallet";
import { type TestDatabase, testDatabase } from "~/testing/database";
import { withinBudget } from "./wallet-budget";

let home: TestDatabase;
let db: Database;
beforeAll(async () => {
  home = await testDatabase();
  db = openDatabase(home.url);
});
afterAll(async () => {
  await db.close();
  await home.drop();
});

test("the sweep gives way to watched invoices, and those to payouts, counted for all processes together", async () => {
  let asked = 0;
  const count = async <T>(answer: T) => {
    asked += 1;
    return answer;
  };
  const wallet: LightningWallet = {
    kind: "lnbits",
    createInvoice: () => count(ok({ paymentHash: "", paymentRequest: "", expiresAt: new Date() })),
    lookUpInvoice: () => count(ok({ state: "open" })),
    lookUpInvoices: () => count(ok(new Map())),
    pay: () => count({ outcome: "paid", feeMsat: msat(0) }),
    lookUpPayment: () => count(ok({ state: "pending", reservedMsat: msat(0) })),
    balance: () => count(ok(msat(0))),
    followSettlements: () => ({ healthy: () => true, stop: async () => undefined }),
  };
  const one = withinBudget(wallet, db.pool, 20);
  const other = withinBudget(wallet, db.pool, 20);
  const sweep = (at: number) => (at % 2 ? one : other).lookUpInvoices([{ paymentHash: "", createdAt: new Date() }]);

  const swept = await Promise.all(Array.from({ length: 15 }, (_, at) => sweep(at)));
  expect(swept.filter(({ ok }) => ok)).toHaveLength(12);
  expect(asked).toBe(12);
  const watched = await Promise.all(Array.from({ length: 8 }, () => one.lookUpInvoice("")));
  expect(watched.filter(({ ok }) => ok)).toHaveLength(5);
  expect(await one.pay({ paymentRequest: "", paymentHash: "", reference: "" })).toMatchObject({ outcome: "paid" });
  expect(await other.pay({ paymentRequest: "", paymentHash: "", reference: "" })).toMatchObject({ outcome: "paid" });
  expect(await one.pay({ paymentRequest: "", paymentHash: "", reference: "" })).toMatchObject({ outcome: "paid" });
  expect(await one.pay({ paymentRequest: "", paymentHash: "", reference: "" })).toMatchObject({ outcome: "notSent" });
  expect(await sweep(0)).toMatchObject({ ok: false, error: { code: "walletBusy" } });

  // The minute began by a clock that was a day ahead and has been put back: the wallet is not silent for a day.
  await db.pool.query("UPDATE rate_limit SET expire = expire + 86400000 WHERE key = 'wallet:all'");
  expect(await one.lookUpInvoice("")).toMatchObject({ ok: true });
});
