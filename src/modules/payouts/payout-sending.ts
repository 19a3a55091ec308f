import { assert } from "~/core/assert";
import type { Msat, Sats } from "~/core/money";
import { ok } from "~/core/result";
import type { Database, Tx } from "~/db/client";
import type { Enqueue } from "~/db/queue";
import { payoutFailed, payoutPaid } from "~/modules/ledger/ledger";
import { post } from "~/modules/ledger/ledger-service";
import type { Clock } from "~/ports/clock";
import type { LightningWallet } from "~/ports/lightning-wallet";
import { lookUpPauseMs, type Payout } from "./payout";
import { PAYOUT_TASK, payoutKey } from "./payout-claim";
import { lockSending, movePayout, readPayout, sentSince } from "./payout-store";

export type PayoutGate = {
  /** `PAYOUTS=off`. */
  off: boolean;
  maxSatsPerHour: bigint;
  /** Why payouts stand still just now (the books fail their proof), or null. */
  halted: () => Promise<string | null>;
  /** After so long without a trace in the wallet a payout counts as never sent. */
  unknownGraceMs: number;
};

type Deps = {
  db: Database;
  wallet: LightningWallet;
  clock: Clock;
  enqueue: Enqueue;
  gate: PayoutGate;
  lockOrder: (tx: Tx, payout: Payout) => Promise<void>;
  onChanged: (tx: Tx, payout: Payout) => Promise<void>;
  /** Hear of a payout on its way, and of one that arrived, in the transaction that records it. */
  onSending?: (tx: Tx) => void;
  onPaid?: (tx: Tx, amountSats: Sats) => void;
};

const HOLD_MS = 30_000;
const HOUR_MS = 3_600_000;

/** Takes one payout as far as it gets. Written down before it is sent; its outcome looked up, never guessed. */
export function payoutSending(deps: Deps) {
  const { db, wallet, clock, enqueue, gate, lockOrder, onChanged } = deps;
  const later = (tx: Tx, payout: Payout, ms: number) =>
    enqueue(
      tx,
      PAYOUT_TASK,
      { payoutId: payout.id },
      { jobKey: payoutKey(payout.id), runAt: new Date(clock.now().getTime() + ms) },
    );

  async function run(payoutId: string): Promise<void> {
    const payout = await readPayout(db.prisma, payoutId);
    if (payout?.state === "queued") await send(payout);
    else if (payout?.state === "sending") await lookUp(payout);
  }

  async function send(payout: Payout): Promise<void> {
    const now = clock.now();
    if (payout.expiresAt <= now) return giveUp(payout);
    const held = await whyHeld();
    if (held) return hold(payout, held);

    // Committed before the wallet hears of it: whoever finds this payout from here on asks, and never sends blindly.
    const begun = await db.inTx(async (tx) => {
      // One after another, so that each counts those before it.
      await lockSending(tx);
      const capped = await whyCapped(tx, payout, now);
      if (capped) return { capped };
      deps.onSending?.(tx);
      const change = { sentAt: now, sends: { increment: 1 }, note: null } as const;
      return { mine: await movePayout(tx, payout.id, "queued", "sending", change) };
    });
    if ("capped" in begun) return hold(payout, begun.capped);
    if (!begun.mine) return;
    const sending = { ...payout, state: "sending" as const };
    const outcome = await wallet.pay({
      paymentRequest: payout.paymentRequest,
      paymentHash: payout.paymentHash,
      reference: payout.id,
    });
    switch (outcome.outcome) {
      case "paid":
        return settle(sending, outcome.feeMsat);
      case "failed":
        return fail(sending, outcome.reason);
      case "notSent":
        return putBack(payout, outcome.reason, HOLD_MS);
      case "unknown":
        return db.inTx((tx) => later(tx, payout, lookUpPauseMs(now, now)));
    }
  }

  /** Nobody can pay it any more. Sent before and put back, it may have gone out all the same: the wallet knows. */
  async function giveUp(payout: Payout): Promise<void> {
    const status = payout.sentAt ? await wallet.lookUpPayment(payout.paymentHash) : ok({ state: "notFound" as const });
    if (!status.ok || status.value.state === "pending") return db.inTx((tx) => later(tx, payout, HOLD_MS));
    if (status.value.state === "paid") return settle(payout, status.value.feeMsat);
    return fail(payout, "The invoice expired before it could be paid.");
  }

  async function lookUp(payout: Payout): Promise<void> {
    const { sentAt } = payout;
    assert(sentAt, "a payout that is being sent has a time of sending");
    const status = await wallet.lookUpPayment(payout.paymentHash);
    const now = clock.now();
    const again = () => db.inTx((tx) => later(tx, payout, lookUpPauseMs(sentAt, now)));
    if (!status.ok) return again();
    switch (status.value.state) {
      case "paid":
        return settle(payout, status.value.feeMsat);
      case "failed":
        return fail(payout, status.value.reason);
      case "pending":
        return again();
      case "notFound":
        // A request may still be on its way to the wallet. Long after it, the wallet's word counts: it was never sent.
        if (now.getTime() - sentAt.getTime() < gate.unknownGraceMs) return again();
        return putBack(payout, "The wallet knows of no such payment.", 0);
    }
  }

  async function whyHeld(): Promise<string | null> {
    return gate.off ? "Payouts are switched off (PAYOUTS=off)." : gate.halted();
  }

  async function whyCapped(tx: Tx, { amountSats }: Payout, now: Date): Promise<string | null> {
    if (amountSats > gate.maxSatsPerHour) {
      return "It is more than the hourly cap of payouts: it waits until PAYOUT_MAX_SATS_PER_HOUR is raised.";
    }
    const sent = await sentSince(tx, new Date(now.getTime() - HOUR_MS));
    return sent + amountSats > gate.maxSatsPerHour ? "The hourly cap of payouts is reached." : null;
  }

  const hold = (payout: Payout, note: string) =>
    db.inTx(async (tx) => {
      if (await movePayout(tx, payout.id, "queued", "queued", { note })) await later(tx, payout, HOLD_MS);
    });

  const putBack = (payout: Payout, note: string, pauseMs: number) =>
    db.inTx(async (tx) => {
      if (await movePayout(tx, payout.id, "sending", "queued", { note })) await later(tx, payout, pauseMs);
    });

  const settle = (payout: Payout, feeMsat: Msat) =>
    db.inTx(async (tx) => {
      await lockOrder(tx, payout);
      if (!(await movePayout(tx, payout.id, payout.state, "paid", { settledAt: clock.now(), feeMsat, note: null })))
        return;
      await post(tx, {
        key: `payout:${payout.id}:paid`,
        lines: payoutPaid(payout.orderId, payout.amountSats, feeMsat),
      });
      deps.onPaid?.(tx, payout.amountSats);
      await onChanged(tx, payout);
    });

  const fail = (payout: Payout, note: string) =>
    db.inTx(async (tx) => {
      await lockOrder(tx, payout);
      if (!(await movePayout(tx, payout.id, payout.state, "failed", { settledAt: clock.now(), note }))) return;
      await post(tx, { key: `payout:${payout.id}:failed`, lines: [payoutFailed(payout.orderId, payout.amountSats)] });
      await onChanged(tx, payout);
    });

  return { run };
}
