import { z } from "zod";
import { type Msat, msat } from "~/core/money";
import { sqlState, type Tx } from "~/db/client";
import type { Account, LedgerEvent } from "./ledger";

/** SQLSTATE of a posting that the database refused because an account would fall below zero. */
export const isOverdrawn = (error: unknown): boolean => sqlState(error) === "LE003";

/**
 * Posts all lines or none. Throws where the key was posted before (23505) or an account would fall below zero (LE003).
 */
export async function insertEvent(tx: Tx, event: LedgerEvent): Promise<void> {
  const lines = event.lines.map(({ debit, credit, amount }) => ({
    debit: debit.kind,
    debitOwner: ownerOf(debit),
    credit: credit.kind,
    creditOwner: ownerOf(credit),
    msat: amount.toString(),
  }));
  await tx.$executeRaw`SELECT ledger_post(${event.key}, ${JSON.stringify(lines)}::jsonb, ${event.memo ?? null})`;
}

const ownerOf = (account: Account) => ("owner" in account ? account.owner : "");

/** Whether an event of this key was posted. */
export async function eventExists(tx: Tx, key: string): Promise<boolean> {
  return (await tx.ledgerTransfer.findFirst({ where: { eventKey: key }, select: { id: true } })) !== null;
}

/** The balance of a constrained account; `lock` keeps every other posting to it out until the transaction ends. */
export async function readBalance(tx: Tx, account: Account & { owner: string }, lock: boolean): Promise<Msat> {
  const rows = lock
    ? await tx.$queryRaw`SELECT ledger_hold(${account.kind}, ${account.owner}) AS balance_msat`
    : await tx.$queryRaw`SELECT balance_msat FROM ledger_account WHERE kind = ${account.kind} AND owner = ${account.owner}`;
  return msat(BalanceRows.parse(rows)[0]?.balance_msat ?? 0n);
}
const BalanceRows = z.array(z.object({ balance_msat: z.bigint() }));

/** Numerics come as Prisma's Decimal, whose text form is exact. */
const Numeric = z.unknown().transform((value) => BigInt(String(value)));
const TotalRows = z.array(
  z.object({
    kind: z.string(),
    class: z.string(),
    constrained: z.boolean(),
    debits_msat: Numeric,
    credits_msat: Numeric,
    held_msat: Numeric,
  }),
);
export type LedgerTotal = {
  kind: string;
  class: string;
  constrained: boolean;
  debitsMsat: bigint;
  creditsMsat: bigint;
  heldMsat: bigint;
};

/** Debits and credits of each kind, and what its constrained accounts hold in sum, of one snapshot. */
export async function readTotals(tx: Tx): Promise<LedgerTotal[]> {
  const rows = await tx.$queryRaw`
    SELECT t.kind, t.class, k.constrained, t.debits_msat::text, t.credits_msat::text,
      coalesce((SELECT sum(a.balance_msat) FROM ledger_account a WHERE a.kind = t.kind AND a.holding), 0)::text AS held_msat
    FROM ledger_totals() t JOIN ledger_kind k USING (kind) ORDER BY t.kind`;
  return TotalRows.parse(rows).map((row) => ({
    kind: row.kind,
    class: row.class,
    constrained: row.constrained,
    debitsMsat: row.debits_msat,
    creditsMsat: row.credits_msat,
    heldMsat: row.held_msat,
  }));
}

/** Sums up what was posted so far, so that totals read only what comes after. */
export async function advanceCheckpoint(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT ledger_advance_checkpoint()`;
}
