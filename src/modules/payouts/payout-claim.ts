import { newOrderId } from "~/core/ids";
import { type Sats, ZERO_SATS } from "~/core/money";
import { err, ok, type Result } from "~/core/result";
import type { Tx } from "~/db/client";
import type { Enqueue } from "~/db/queue";
import { owedBecameBalance, payoutStarted } from "~/modules/ledger/ledger";
import { lockOwed, post } from "~/modules/ledger/ledger-service";
import type { DecodedInvoice } from "~/ports/bolt11";
import { checkTarget, isInFlight, type Order, type Payout, type PayoutMethod, type UnusableTarget } from "./payout";
import { insertCredit, insertPayout, newestPayout, readPayout } from "./payout-store";

export type ClaimError =
  | { code: "nothingOwed" }
  | { code: "payoutInFlight" }
  | { code: "refundTargetReused" }
  | UnusableTarget;

export type Claim = {
  order: Order;
  method: PayoutMethod;
  /** As the payer named it. */
  target: string;
  invoice: DecodedInvoice;
  /** The network of our own invoices. */
  network: string;
  /** What a withdraw code was made for; all that is owed where there is none. */
  amountSats?: Sats;
  now: Date;
};

/** `isNew` is false when this very claim was made before. */
export type Claimed = { payout: Payout; isNew: boolean };

export type ClaimDeps = {
  enqueue: Enqueue;
  isOurInvoice: (tx: Tx, paymentHash: string) => Promise<boolean>;
};

export const PAYOUT_TASK = "payout";
/** One task for each payout: asked for again, it is the same one. */
export const payoutKey = (payoutId: string) => `payout:${payoutId}`;

/** The order's payout that already goes, or went, to this very target: asking again is answered, not paid, again. */
export async function sameClaim(tx: Tx, orderId: string, target: string): Promise<Payout | null> {
  const newest = await newestPayout(tx, orderId);
  return newest && newest.target === target && newest.state !== "failed" ? newest : null;
}

/** Is there anything to claim, and how much? Locks what is owed until the transaction ends. */
export async function claimable(tx: Tx, orderId: string): Promise<Result<Sats, ClaimError>> {
  const amountSats = await lockOwed(tx, orderId);
  const newest = await newestPayout(tx, orderId);
  if (newest && isInFlight(newest.state)) return err({ code: "payoutInFlight" });
  if (amountSats === ZERO_SATS) return err({ code: "nothingOwed" });
  return ok(amountSats);
}

/**
 * Decides a payout and moves the money to *in flight*, all inside the caller's transaction: whoever else claims waits
 * for the lock on what is owed, and then finds nothing. Sending is a task that starts once this commits.
 */
export async function claimInTx(tx: Tx, claim: Claim, deps: ClaimDeps): Promise<Result<Claimed, ClaimError>> {
  const { order, invoice } = claim;
  const owed = await claimable(tx, order.orderId);
  if (!owed.ok) {
    const same = await sameClaim(tx, order.orderId, claim.target);
    return same ? ok({ payout: same, isNew: false }) : owed;
  }
  const amountSats = claim.amountSats ?? owed.value;
  if (amountSats > owed.value) return err({ code: "nothingOwed" });

  const usable = checkTarget(invoice, { network: claim.network, amountSats, now: claim.now });
  if (!usable.ok) return usable;
  if (await deps.isOurInvoice(tx, invoice.paymentHash)) {
    return err({
      code: "refundTargetUnusable",
      detail: "This is an invoice of this workshop. Use one from your own wallet.",
    });
  }

  const id = newOrderId();
  const inserted = await insertPayout(tx, {
    ...order,
    id,
    method: claim.method,
    target: claim.target,
    paymentRequest: invoice.paymentRequest,
    paymentHash: invoice.paymentHash,
    amountSats,
    expiresAt: invoice.expiresAt,
  });
  if (!inserted) return err({ code: "refundTargetReused" });
  await post(tx, { key: `payout:${id}:started`, lines: [payoutStarted(order.orderId, amountSats)] });
  await deps.enqueue(tx, PAYOUT_TASK, { payoutId: id }, { jobKey: payoutKey(id) });

  const payout = await readPayout(tx, id);
  if (!payout) throw new Error("a payout vanished inside its own transaction");
  return ok({ payout, isNew: true });
}

/** What is owed becomes a balance that can be spent here, at once. Order and balance must be locked. */
export async function creditInTx(
  tx: Tx,
  order: Order,
  target: string,
  takesCredit: boolean,
  now: Date,
): Promise<Result<Claimed, ClaimError>> {
  const owed = await claimable(tx, order.orderId);
  if (!owed.ok) {
    const same = await sameClaim(tx, order.orderId, target);
    return same ? ok({ payout: same, isNew: false }) : owed;
  }
  if (!takesCredit)
    return err({
      code: "refundTargetUnusable",
      detail: "There is no active session with this id and the same kind of money.",
    });
  const amountSats = owed.value;
  const payout = await insertCredit(tx, { ...order, id: newOrderId(), target, amountSats }, now);
  const lines = [owedBecameBalance(order.orderId, target, amountSats)];
  await post(tx, { key: `payout:${payout.id}:credited`, lines });
  return ok({ payout, isNew: true });
}
