import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { msat, sats, toMsat } from "~/core/money";
import { type Database, openDatabase, sqlState } from "~/db/client";
import { type TestDatabase, testDatabase } from "~/testing/database";
import { becameOwed, earned, type LedgerEvent, paymentReceived, payoutStarted } from "./ledger";
import { advanceCheckpoint, eventExists, insertEvent, isOverdrawn, readBalance, readTotals } from "./ledger-store";

let home: TestDatabase;
let db: Database;
beforeAll(async () => {
  home = await testDatabase();
  db = openDatabase(home.url, { poolSize: 40 });
});
afterAll(async () => {
  await db?.close();
  await home?.drop();
});

let made = 0;
const fresh = (what: string) => `${what}-${++made}`;
const post = (event: LedgerEvent) => db.inTx((tx) => insertEvent(tx, event));
const paid = (owner: string, amountSats: bigint) =>
  post({ key: `paid:${owner}`, lines: paymentReceived(owner, toMsat(sats(amountSats)), "escrow") });
const escrowOf = (owner: string) => readBalance(db.prisma, { kind: "escrow", owner }, false);
const linesOf = async (key: string) => db.prisma.ledgerTransfer.count({ where: { eventKey: key } });
const sql = (text: string) => db.pool.query(text);

/** What the database says to it: the SQLSTATE of its refusal, or that it agreed. */
const answerTo = (work: Promise<unknown>) =>
  work.then(
    () => "agreed",
    (error: unknown) => sqlState(error) ?? `no SQLSTATE: ${String(error)}`,
  );
const UNIQUE = "23505";

describe("an account that may not fall below zero", () => {
  test("gives all it has and not one sat more", async () => {
    const owner = fresh("order");
    await paid(owner, 10n);
    await post({ key: fresh("e"), lines: [earned(owner, sats(9n))] });
    const over = post({ key: fresh("e"), lines: [earned(owner, sats(2n))] });
    await expect(over).rejects.toSatisfy(isOverdrawn);
    await post({ key: fresh("e"), lines: [earned(owner, sats(1n))] });
    expect(await escrowOf(owner)).toBe(0n);
  });

  test("an account nobody has ever paid into has nothing to give", async () => {
    const over = post({ key: fresh("e"), lines: [payoutStarted(fresh("order"), sats(1n))] });
    await expect(over).rejects.toSatisfy(isOverdrawn);
  });

  test("32 postings race for its last 10 sats: ten get one each", async () => {
    const owner = fresh("order");
    await paid(owner, 10n);
    const results = await Promise.all(
      Array.from({ length: 32 }, (_, n) =>
        answerTo(post({ key: `race:${owner}:${n}`, lines: [earned(owner, sats(1n))] })),
      ),
    );
    expect(results.filter((result) => result === "agreed")).toHaveLength(10);
    expect(results.filter((result) => result === "LE003")).toHaveLength(22);
    expect(await escrowOf(owner)).toBe(0n);
    expect(await db.prisma.ledgerTransfer.count({ where: { eventKey: { startsWith: `race:${owner}:` } } })).toBe(10);
  });

  test("64 postings pay in and draw at once: what is left is the difference", async () => {
    const owner = fresh("order");
    await paid(owner, 1000n);
    const credit = (n: number) =>
      post({ key: `in:${owner}:${n}`, lines: paymentReceived(owner, msat(3000n), "escrow") });
    const draw = (n: number) => post({ key: `out:${owner}:${n}`, lines: [becameOwed(owner, sats(5n))] });
    await Promise.all(Array.from({ length: 64 }, (_, n) => (n % 2 ? credit(n) : draw(n))));
    expect(await escrowOf(owner)).toBe((1000n + 32n * 3n - 32n * 5n) * 1000n);
    expect(await readBalance(db.prisma, { kind: "owed", owner }, false)).toBe(160_000n);
  });
});

describe("a business event", () => {
  test("is posted once", async () => {
    const owner = fresh("order");
    await paid(owner, 10n);
    expect(await answerTo(paid(owner, 10n))).toBe(UNIQUE);
    expect(await escrowOf(owner)).toBe(10_000n);
    expect(await eventExists(db.prisma, `paid:${owner}`)).toBe(true);
    expect(await eventExists(db.prisma, "paid:never")).toBe(false);
  });

  test("posted by 16 at once, is posted once", async () => {
    const owner = fresh("order");
    const results = await Promise.all(Array.from({ length: 16 }, () => answerTo(paid(owner, 7n))));
    expect(results.filter((result) => result === "agreed")).toHaveLength(1);
    expect(new Set(results)).toEqual(new Set(["agreed", UNIQUE]));
    expect(await escrowOf(owner)).toBe(7000n);
  });

  test("of which a later line overdraws leaves nothing of its earlier ones", async () => {
    const owner = fresh("order");
    const key = fresh("e");
    const lines = [
      ...paymentReceived(owner, msat(5000n), "escrow"),
      earned(owner, sats(4n)),
      becameOwed(owner, sats(2n)),
    ];
    await expect(post({ key, lines })).rejects.toSatisfy(isOverdrawn);
    expect(await linesOf(key)).toBe(0);
    expect(await escrowOf(owner)).toBe(0n);
    expect(await readBalance(db.prisma, { kind: "owed", owner }, false)).toBe(0n);
  });

  test("goes with the transaction that it is part of", async () => {
    const owner = fresh("order");
    const undone = db.inTx(async (tx) => {
      await insertEvent(tx, { key: `undone:${owner}`, lines: paymentReceived(owner, msat(5000n), "escrow") });
      throw new Error("the step failed");
    });
    await expect(undone).rejects.toThrow("the step failed");
    expect(await eventExists(db.prisma, `undone:${owner}`)).toBe(false);
    expect(await escrowOf(owner)).toBe(0n);
  });

  test("leaves out lines of nothing, and numbers the rest", async () => {
    const key = fresh("e");
    const owner = fresh("order");
    await post({ key, lines: [...paymentReceived(owner, msat(1_999n), "owed"), becameOwed(owner, sats(0n))] });
    const lines = await db.prisma.ledgerTransfer.findMany({ where: { eventKey: key }, orderBy: { line: "asc" } });
    expect(
      lines.map(({ line, debitKind, creditKind, amountMsat }) => [line, debitKind, creditKind, amountMsat]),
    ).toEqual([
      [1, "wallet", "owed", 1000n],
      [2, "wallet", "routing_fees", 999n],
    ]);
  });
});

describe("a balance that is locked", () => {
  test("keeps other postings to it out until the transaction ends", async () => {
    const owner = fresh("order");
    await paid(owner, 10n);
    const order: string[] = [];
    let letGo = () => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    let locked = () => {};
    const isLocked = new Promise<void>((resolve) => {
      locked = resolve;
    });
    const first = db.inTx(async (tx) => {
      expect(await readBalance(tx, { kind: "escrow", owner }, true)).toBe(10_000n);
      locked();
      await held;
      order.push("locker");
    });
    await isLocked;
    const second = post({ key: fresh("e"), lines: [earned(owner, sats(10n))] }).then(() => order.push("poster"));
    await expect.poll(() => waitingForLocks()).toBeGreaterThan(0);
    letGo();
    await Promise.all([first, second]);
    expect(order).toEqual(["locker", "poster"]);
  });

  const waitingForLocks = async () => {
    const { rows } = await sql(
      "SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
    );
    return rows[0].n as number;
  };
});

describe("totals", () => {
  /** Debits and credits of each kind, summed over every transfer there is. */
  const naive = async () => {
    const { rows } = await sql(`
      SELECT k.kind,
        (SELECT coalesce(sum(amount_msat), 0) FROM ledger_transfer WHERE debit_kind = k.kind)::text AS debits,
        (SELECT coalesce(sum(amount_msat), 0) FROM ledger_transfer WHERE credit_kind = k.kind)::text AS credits
      FROM ledger_kind k ORDER BY k.kind`);
    return rows.map(({ kind, debits, credits }) => ({ kind, debits: BigInt(debits), credits: BigInt(credits) }));
  };
  const totals = async () =>
    (await readTotals(db.prisma)).map(({ kind, debitsMsat, creditsMsat }) => ({
      kind,
      debits: debitsMsat,
      credits: creditsMsat,
    }));

  test("are the sum of all transfers, before a checkpoint, after it, and with more after that", async () => {
    expect(await totals()).toEqual(await naive());
    await db.inTx(advanceCheckpoint);
    expect(await totals()).toEqual(await naive());
    await paid(fresh("order"), 3n);
    expect(await totals()).toEqual(await naive());
    await db.inTx(advanceCheckpoint);
    await db.inTx(advanceCheckpoint);
    expect(await totals()).toEqual(await naive());
    const { rows } = await sql(
      "SELECT DISTINCT through_id = (SELECT max(id) FROM ledger_transfer) AS newest FROM ledger_checkpoint",
    );
    expect(rows).toEqual([{ newest: true }]);
  });

  test("stay so while postings race with a checkpoint that advances again and again, from several connections", async () => {
    let posting = true;
    const owner = fresh("order");
    await paid(owner, 100_000n);
    const posters = Array.from({ length: 12 }, async (_, p) => {
      for (let n = 0; n < 15; n += 1) {
        await db.inTx(async (tx) => {
          // Two events of one transaction: between them a checkpoint may want to pass.
          await insertEvent(tx, { key: `cp:${owner}:${p}:${n}:a`, lines: [earned(owner, sats(1n))] });
          await insertEvent(tx, { key: `cp:${owner}:${p}:${n}:b`, lines: [becameOwed(owner, sats(2n))] });
        });
      }
    });
    const advancers = Array.from({ length: 3 }, async () => {
      let advanced = 0;
      while (posting) {
        await db.inTx(advanceCheckpoint);
        advanced += 1;
      }
      return advanced;
    });
    await Promise.all(posters);
    posting = false;
    const advanced = await Promise.all(advancers);
    expect(Math.min(...advanced)).toBeGreaterThan(0);
    expect(await totals()).toEqual(await naive());
    await db.inTx(advanceCheckpoint);
    expect(await totals()).toEqual(await naive());
    expect(await escrowOf(owner)).toBe((100_000n - 12n * 15n * 3n) * 1000n);
  });

  test("tell what the constrained accounts hold", async () => {
    const { rows } = await sql("SELECT sum(balance_msat)::text AS held FROM ledger_account WHERE kind = 'escrow'");
    const escrow = (await readTotals(db.prisma)).find(({ kind }) => kind === "escrow");
    expect(escrow?.heldMsat).toBe(BigInt(rows[0].held));
    expect((escrow?.creditsMsat ?? 0n) - (escrow?.debitsMsat ?? 0n)).toBe(escrow?.heldMsat);
  });
});
