import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { msat, sats } from "~/core/money";
import { type Database, openDatabase } from "~/db/client";
import { type TestDatabase, testDatabase } from "~/testing/database";
import {
  becameOwed,
  earned,
  type LedgerEvent,
  openingBalance,
  paymentReceived,
  payoutPaid,
  payoutStarted,
} from "./ledger";
import { balanceSheet, lockEscrow, lockOwed, owedWithInFlight, post } from "./ledger-service";

let home: TestDatabase;
let db: Database;
beforeAll(async () => {
  home = await testDatabase();
  db = openDatabase(home.url);
});
afterAll(async () => {
  await db?.close();
  await home?.drop();
});

let made = 0;
let order: string;
beforeEach(() => {
  made += 1;
  order = `order-${made}`;
});
const book = (name: string, lines: LedgerEvent["lines"]) =>
  db.inTx((tx) => post(tx, { key: `${name}:${made}`, lines }));
const sheet = () => balanceSheet(db.inTx);
const lineOf = async (kind: string) => (await sheet()).lines.find((line) => line.kind === kind)?.balanceMsat;

test("every account is shown in the direction in which it grows, and assets are liabilities, equity and profit", async () => {
  await book("opening", [openingBalance(msat(50_500n))]);
  await book("paid", paymentReceived(order, msat(100_700n), "escrow"));
  await book("worked", [earned(order, sats(30n)), becameOwed(order, sats(70n))]);
  await book("started", [payoutStarted(order, sats(70n))]);
  await book("sent", payoutPaid(order, sats(70n), msat(1_234n)));
  const { lines, walletMsat, liabilitiesMsat, faults } = await sheet();
  const balances = Object.fromEntries(lines.map(({ kind, balanceMsat }) => [kind, balanceMsat]));
  expect(balances).toMatchObject({
    wallet: 50_500n + 100_700n - 71_234n,
    opening_balance: 50_500n,
    revenue: 30_000n,
    routing_fees: 1_234n - 700n,
    escrow: 0n,
    owed: 0n,
    in_flight: 0n,
  });
  expect(walletMsat).toBe(79_966n);
  expect(liabilitiesMsat).toBe(0n);
  expect(faults).toEqual([]);
  const of = (wanted: string) =>
    lines.filter((line) => line.class === wanted).reduce((sum, line) => sum + line.balanceMsat, 0n);
  expect(of("asset") + of("expense")).toBe(of("liability") + of("equity") + of("revenue"));
});

test("what is held for others counts as liability wherever it is on its way", async () => {
  await book("paid", paymentReceived(order, msat(100_000n), "escrow"));
  expect(await sheet()).toMatchObject({ liabilitiesMsat: 100_000n });
  await book("failed", [becameOwed(order, sats(100n))]);
  expect(await sheet()).toMatchObject({ liabilitiesMsat: 100_000n });
  await book("started", [payoutStarted(order, sats(60n))]);
  expect(await sheet()).toMatchObject({ liabilitiesMsat: 100_000n });
  expect(await owedWithInFlight(db.prisma, order)).toBe(100n);
  await db.inTx(async (tx) => {
    expect(await lockOwed(tx, order)).toBe(40n);
    expect(await lockEscrow(tx, order)).toBe(0n);
  });
});

test("accounts that contradict the transfers are a fault, named with both figures", async () => {
  await book("paid", paymentReceived(order, msat(100_000n), "escrow"));
  await asTrespasser("UPDATE ledger_account SET balance_msat = balance_msat + 1000 WHERE owner = $1", [order]);
  try {
    const { faults } = await sheet();
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(/^escrow: the accounts hold \d+ msat, the transfers say \d+ msat$/);
  } finally {
    await asTrespasser("UPDATE ledger_account SET balance_msat = balance_msat - 1000 WHERE owner = $1", [order]);
  }
  expect((await sheet()).faults).toEqual([]);
});

test("a checkpoint that lost its balance is a fault", async () => {
  await book("paid", paymentReceived(order, msat(100_000n), "escrow"));
  await sheet();
  await db.pool.query("UPDATE ledger_checkpoint SET debits_msat = debits_msat + 5 WHERE kind = 'wallet'");
  try {
    expect((await sheet()).faults.join()).toMatch(/debits of \d+ msat against credits of \d+ msat/);
  } finally {
    await db.pool.query("UPDATE ledger_checkpoint SET debits_msat = debits_msat - 5 WHERE kind = 'wallet'");
  }
  expect((await sheet()).faults).toEqual([]);
});

test("what the books say of one kind is all its transfers, whatever a checkpoint keeps", async () => {
  const before = (await lineOf("revenue")) ?? 0n;
  await book("paid", paymentReceived(order, msat(9_000n), "escrow"));
  await book("earned", [earned(order, sats(9n))]);
  expect(await lineOf("revenue")).toBe(before + 9000n);
  expect(await lineOf("revenue")).toBe(before + 9000n);
});

/** As somebody with the rights of an owner could, past the walls. */
async function asTrespasser(statement: string, values: unknown[]) {
  await db.pool.query("ALTER TABLE ledger_account DISABLE TRIGGER ledger_account_by_transfer");
  await db.pool.query(statement, values);
  await db.pool.query("ALTER TABLE ledger_account ENABLE ALWAYS TRIGGER ledger_account_by_transfer");
}
