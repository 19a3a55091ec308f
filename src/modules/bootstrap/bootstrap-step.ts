import { unreachable } from "~/core/assert";
import { minSats, type Sats, subtractSats, ZERO_SATS } from "~/core/money";
import { err, ok, type Result } from "~/core/result";
import type { Tx } from "~/db/client";
import type { Enqueue } from "~/db/queue";
import { becameOwed, earned } from "~/modules/ledger/ledger";
import { lockEscrow, post } from "~/modules/ledger/ledger-service";
import type { Clock } from "~/ports/clock";
import {
  type BootstrapEvent,
  type BootstrapState,
  type Effect,
  type IllegalBootstrapMove,
  transition,
} from "./bootstrap";
import { type LockedOrder, moveOrder, type OrderChange } from "./bootstrap-store";

export const PROVISION_TASK = "provision";
export const REMOVE_TASK = "remove-node";
/** One task for each order: asked for again, it is the same one. */
export const provisionKey = (orderId: string) => `provision:${orderId}`;
export const removeKey = (orderId: string) => `remove-node:${orderId}`;

export type BootstrapStepDeps = {
  clock: Clock;
  enqueue: Enqueue;
  /** Hears of every change of state, in its transaction. */
  onMoved?: (tx: Tx, from: BootstrapState, to: BootstrapState) => void;
};

/**
 * One step of an order's life: state, money, next task and the watchers' event, all in the caller's transaction.
 * The order must be locked. Returns the new state, or the move that the table does not have.
 */
export async function step(
  tx: Tx,
  order: LockedOrder,
  event: BootstrapEvent,
  change: OrderChange,
  deps: BootstrapStepDeps,
): Promise<Result<BootstrapState, IllegalBootstrapMove>> {
  const next = transition(order.state, event);
  if (!next.ok) return err(next.error);
  const { to, effects } = next.value;
  await moveOrder(tx, order, to, change, deps.clock.now());
  for (const effect of effects) await perform(tx, order, effect, deps);
  if (to !== order.state) deps.onMoved?.(tx, order.state, to);
  return ok(to);
}

async function perform(tx: Tx, order: LockedOrder, effect: Effect, { enqueue }: BootstrapStepDeps): Promise<void> {
  const { id: orderId } = order;
  switch (effect) {
    case "provision":
      return enqueue(tx, PROVISION_TASK, { orderId }, { jobKey: provisionKey(orderId) });
    case "removeNode":
      return enqueue(tx, REMOVE_TASK, { orderId }, { jobKey: removeKey(orderId) });
    case "earnFee":
      return closeEscrow(tx, orderId, "ready", order.feeSats);
    case "oweFee":
      return closeEscrow(tx, orderId, "failed", ZERO_SATS);
    case "oweLatePayment":
      // The settlement itself books a late payment as owed: nothing of it passes through escrow.
      return;
    default:
      unreachable(effect);
  }
}

/** Empties the order's escrow: at most the fee is earned, the rest is owed to the payer. */
async function closeEscrow(tx: Tx, orderId: string, name: string, feeSats: Sats): Promise<void> {
  const held = await lockEscrow(tx, orderId);
  const earnedSats = minSats(feeSats, held);
  const lines = [earned(orderId, earnedSats), becameOwed(orderId, subtractSats(held, earnedSats))];
  await post(tx, { key: `bootstrap:${orderId}:${name}`, lines });
}
