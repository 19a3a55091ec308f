import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sats, toMsat } from "~/core/money";
import { type Database, openDatabase, sqlState } from "~/db/client";
import { type TestDatabase, testDatabase } from "~/testing/database";
import { paymentReceived } from "./ledger";
import { insertEvent, readBalance } from "./ledger-store";

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
const fresh = (what: string) => `${what}-${++made}`;
const paid = (owner: string, amountSats: bigint) =>
  db.inTx((tx) =>
    insertEvent(tx, { key: `paid:${owner}`, lines: paymentReceived(owner, toMsat(sats(amountSats)), "escrow") }),
  );
const escrowOf = (owner: string) => readBalance(db.prisma, { kind: "escrow", owner }, false);
const linesOf = async (key: string) => db.prisma.ledgerTransfer.count({ where: { eventKey: key } });
const sql = (text: string) => db.pool.query(text);

/** What the database says to it: the SQLSTATE of its refusal, or that it agreed. */
const answerTo = (work: Promise<unknown>) =>
  work.then(
    () => "agreed",
    (error: unknown) => sqlState(error) ?? `no SQLSTATE: ${String(error)}`,
  );
const CHECK = "23514";

describe("the database refuses", () => {
  beforeAll(() => paid("kept", 100n));

  test.each([
    ["changing a transfer", "UPDATE ledger_transfer SET amount_msat = 1"],
    ["touching a transfer without changing it", "UPDATE ledger_transfer SET memo = memo"],
    ["deleting a transfer", "DELETE FROM ledger_transfer"],
    ["truncating the transfers", "TRUNCATE ledger_transfer"],
    ["truncating them with all that hangs on them", "TRUNCATE ledger_transfer, ledger_account CASCADE"],
    ["giving an account a balance", "INSERT INTO ledger_account VALUES ('owed', 'me', 1000)"],
    ["changing a balance", "UPDATE ledger_account SET balance_msat = balance_msat + 1000"],
    ["removing an account", "DELETE FROM ledger_account"],
    ["truncating the accounts", "TRUNCATE ledger_account"],
    [
      "an upsert that would change a balance",
      "INSERT INTO ledger_account VALUES ('escrow', 'kept', 1) ON CONFLICT (kind, owner) DO UPDATE SET balance_msat = 1",
    ],
  ])("%s, also from a session that poses as a replica", async (_, statement) => {
    const client = await db.pool.connect();
    try {
      expect(await answerTo(client.query(statement))).toBe("LE004");
      await client.query("SET session_replication_role = replica");
      expect(await answerTo(client.query(statement))).toBe("LE004");
    } finally {
      await client.query("RESET session_replication_role");
      client.release();
    }
    expect(await escrowOf("kept")).toBe(100_000n);
    expect(await linesOf("paid:kept")).toBe(1);
  });

  const raw = (line: object, key = fresh("raw")) => ({
    key,
    done: answerTo(db.pool.query("SELECT ledger_post($1, $2::jsonb)", [key, JSON.stringify([line])])),
  });

  test.each([
    ["an unknown kind debited", { debit: "gold", credit: "revenue", msat: 1000 }, "LE001"],
    ["an unknown kind credited", { debit: "wallet", credit: "gold", msat: 1000 }, "LE001"],
    ["no kind at all", { credit: "revenue", msat: 1000 }, "23502"],
    ["an escrow without an owner credited", { debit: "wallet", credit: "escrow", msat: 1000 }, "LE001"],
    ["an escrow without an owner debited", { debit: "escrow", credit: "revenue", msat: 1000 }, "LE001"],
    ["a fraction of a sat into escrow", { debit: "wallet", credit: "escrow", creditOwner: "f", msat: 1500 }, "LE002"],
    ["a fraction of a sat earned", { debit: "wallet", credit: "revenue", msat: 1 }, "LE002"],
    ["a fraction of a sat of the operator's", { debit: "operator", credit: "wallet", msat: 999 }, "LE002"],
    ["a negative amount", { debit: "wallet", credit: "revenue", msat: -1000 }, CHECK],
    ["an account moving to itself", { debit: "wallet", credit: "wallet", msat: 1000 }, CHECK],
    ["more than a bigint holds", { debit: "wallet", credit: "revenue", msat: "9223372036854775808" }, "22003"],
  ])("%s", async (_, line, refusal) => {
    const { key, done } = raw(line);
    expect(await done).toBe(refusal);
    expect(await linesOf(key)).toBe(0);
  });

  test("a plain INSERT that goes round the posting function, all the same", async () => {
    const insert = (key: string, line: string) =>
      answerTo(
        sql(`INSERT INTO ledger_transfer (event_key, line, debit_kind, debit_owner, credit_kind, credit_owner, amount_msat)
             VALUES ('${key}', 1, ${line})`),
      );
    expect(await insert("plain-1", "'escrow', 'nobody', 'revenue', '', 1000")).toBe("LE003");
    expect(await insert("plain-2", "'wallet', '', 'escrow', 'plain', 1")).toBe("LE002");
    expect(await insert("plain-3", "'wallet', '', 'escrow', 'plain', 2000")).toBe("agreed");
    expect(await escrowOf("plain")).toBe(2000n);
  });

  test("a posting of a replica's session that would overdraw", async () => {
    const client = await db.pool.connect();
    try {
      await client.query("SET session_replication_role = replica");
      const line = { debit: "escrow", debitOwner: "kept", credit: "revenue", msat: 100_001_000 };
      const over = client.query("SELECT ledger_post('replica', $1::jsonb)", [JSON.stringify([line])]);
      expect(await answerTo(over)).toBe("LE003");
    } finally {
      await client.query("RESET session_replication_role");
      client.release();
    }
  });
});
