import { creditSats, type Sats, sats } from "~/core/money";
import type { InTx, Tx } from "~/db/client";
import type { LedgerEvent } from "./ledger";
import { advanceCheckpoint, eventExists, insertEvent, readBalance, readTotals } from "./ledger-store";

/** Posts a business event inside the transaction of the step that causes it. Throws when it was posted before. */
export const post = (tx: Tx, event: LedgerEvent): Promise<void> => insertEvent(tx, event);

/** Whether a business event is in the books. */
export const isPosted = (tx: Tx, key: string): Promise<boolean> => eventExists(tx, key);

/** What an order's escrow holds: paid, not yet earned. Locked until the transaction ends. */
export async function lockEscrow(tx: Tx, orderId: string): Promise<Sats> {
  return creditSats(await readBalance(tx, { kind: "escrow", owner: orderId }, true));
}

/** What belongs to the order's payer and is not on its way yet. Locked until the transaction ends. */
export async function lockOwed(tx: Tx, orderId: string): Promise<Sats> {
  return creditSats(await readBalance(tx, { kind: "owed", owner: orderId }, true));
}

/** What of an order's balance may still be spent. Locked until the transaction ends. */
export async function lockPrepaid(tx: Tx, orderId: string): Promise<Sats> {
  return creditSats(await readBalance(tx, { kind: "prepaid", owner: orderId }, true));
}

/** `owedSats` of the spec: owed, what is in flight included. */
export async function owedWithInFlight(tx: Tx, orderId: string): Promise<Sats> {
  const owed = await readBalance(tx, { kind: "owed", owner: orderId }, false);
  const inFlight = await readBalance(tx, { kind: "in_flight", owner: orderId }, false);
  return sats(creditSats(owed) + creditSats(inFlight));
}

export type BalanceSheetLine = {
  kind: string;
  class: string;
  /** In the direction in which the account grows: a debit balance for assets and expenses, else a credit balance. */
  balanceMsat: bigint;
};
export type BalanceSheet = {
  lines: BalanceSheetLine[];
  walletMsat: bigint;
  /** What the wallet holds for others: escrow, owed, in flight, and whatever else is constrained and a liability. */
  liabilitiesMsat: bigint;
  /** Contradictions inside the books themselves; empty unless something is badly wrong. */
  faults: string[];
};

const GROWS_BY_DEBIT = new Set(["asset", "expense"]);

/** Every kind of account, in msat, of one moment, with whatever the books contradict themselves in. */
export async function balanceSheet(inTx: InTx): Promise<BalanceSheet> {
  // Moved up first: afterwards the totals read only what came since.
  await inTx(advanceCheckpoint);
  const totals = await inTx(readTotals);
  const lines = totals.map((total) => ({
    kind: total.kind,
    class: total.class,
    balanceMsat: GROWS_BY_DEBIT.has(total.class)
      ? total.debitsMsat - total.creditsMsat
      : total.creditsMsat - total.debitsMsat,
  }));
  const faults: string[] = [];
  const debits = totals.reduce((sum, total) => sum + total.debitsMsat, 0n);
  const credits = totals.reduce((sum, total) => sum + total.creditsMsat, 0n);
  if (debits !== credits) faults.push(`debits of ${debits} msat against credits of ${credits} msat`);
  for (const total of totals) {
    const line = lines.find(({ kind }) => kind === total.kind);
    if (total.constrained && line && line.balanceMsat !== total.heldMsat) {
      faults.push(
        `${total.kind}: the accounts hold ${total.heldMsat} msat, the transfers say ${line.balanceMsat} msat`,
      );
    }
  }
  const of = (wanted: (line: BalanceSheetLine) => boolean) =>
    lines.filter(wanted).reduce((sum, line) => sum + line.balanceMsat, 0n);
  return {
    lines,
    walletMsat: of((line) => line.kind === "wallet"),
    liabilitiesMsat: of((line) => line.class === "liability"),
    faults,
  };
}
