import { createHash } from "node:crypto";
import { isOrderId } from "~/core/ids";
import { type Msat, msat, type Sats, toMsat } from "~/core/money";
import { err, ok, type Result } from "~/core/result";
import type { Database, Tx } from "~/db/client";
import { type Line, payoutFailed, payoutPaid, payoutPaidByOperator } from "~/modules/ledger/ledger";
import { post } from "~/modules/ledger/ledger-service";
import type { Clock } from "~/ports/clock";
import type { LightningWallet, WalletFailure } from "~/ports/lightning-wallet";
import {
  isInFlight,
  type OperatorsWord,
  type Payout,
  type Settled,
  settledByHand,
  type WalletsWord,
  type WordRefused,
} from "./payout";
import { movePayoutAsSeen, readPayout } from "./payout-store";

export type ByHand = {
  payoutId: string;
  word: OperatorsWord;
  /** 64 hex digits: whoever has it, the invoice was paid. */
  preimage?: string | undefined;
  /** What an operator who paid it out of another wallet paid for its route. */
  feeSats: Sats;
  reason: string;
};
export type SettledByHand = { payout: Payout; settled: Settled };

export type ByHandError =
  | { code: "payoutNotFound" }
  /** It has come to its end already, or somebody was just quicker. */
  | { code: "payoutNotOpen" }
  | WordRefused
  | WalletFailure;

type Deps = {
  db: Database;
  wallet: LightningWallet;
  clock: Clock;
  gate: { unknownGraceMs: number };
  lockOrder: (tx: Tx, payout: Payout) => Promise<void>;
  onChanged: (tx: Tx, payout: Payout) => Promise<void>;
};

/**
 * Settles a payout on an operator's word. The wallet is asked first and never contradicted; the books are kept by the
 * same unique keys as when the wallet's own outcome is booked, so the two can race and one of them counts.
 */
export function payoutByHand({ db, wallet, clock, gate, lockOrder, onChanged }: Deps) {
  return async function settleByHand(
    { payoutId, word, preimage, feeSats, reason }: ByHand,
    keep: (tx: Tx, done: SettledByHand) => Promise<void>,
  ): Promise<Result<SettledByHand, ByHandError>> {
    const payout = isOrderId(payoutId) ? await readPayout(db.prisma, payoutId) : null;
    if (!payout) return err({ code: "payoutNotFound" });
    if (!isInFlight(payout.state)) return err({ code: "payoutNotOpen" });

    const asked = await ask(payout);
    if (!asked.ok) return asked;
    const now = clock.now();
    const judged = settledByHand(word, asked.value.says, {
      proven: preimage !== undefined && hashOf(preimage) === payout.paymentHash,
      // Put back into the queue, it was given up by the wallet's word already.
      graceOver: payout.state === "queued" || now.getTime() - (payout.sentAt?.getTime() ?? 0) >= gate.unknownGraceMs,
    });
    if (!judged.ok) return judged;
    const settled = judged.value;
    const { state, feeMsat, lines } = outcomeOf(payout, settled, asked.value.feeMsat, feeSats);

    return db.inTx(async (tx) => {
      await lockOrder(tx, payout);
      const change = { settledAt: now, note: "settled by hand", ...(feeMsat !== null && { feeMsat }) };
      if (!(await movePayoutAsSeen(tx, payout, state, change))) return err({ code: "payoutNotOpen" });
      await post(tx, { key: `payout:${payout.id}:${state}`, lines, memo: `by hand: ${reason}` });
      await onChanged(tx, payout);
      const done = { payout: { ...payout, state }, settled };
      await keep(tx, done);
      return ok(done);
    });
  };

  async function ask(payout: Payout): Promise<Result<{ says: WalletsWord; feeMsat: Msat }, WalletFailure>> {
    if (payout.sentAt === null) return ok({ says: "neverSent", feeMsat: msat(0n) });
    const status = await wallet.lookUpPayment(payout.paymentHash);
    if (!status.ok) return status;
    return ok({ says: status.value.state, feeMsat: status.value.state === "paid" ? status.value.feeMsat : msat(0n) });
  }
}

function outcomeOf(
  { orderId, amountSats }: Payout,
  settled: Settled,
  walletFeeMsat: Msat,
  operatorFeeSats: Sats,
): { state: "paid" | "failed"; feeMsat: Msat | null; lines: Line[] } {
  switch (settled) {
    case "paidByWallet":
      return { state: "paid", feeMsat: walletFeeMsat, lines: payoutPaid(orderId, amountSats, walletFeeMsat) };
    case "paidByOperator":
      return {
        state: "paid",
        feeMsat: toMsat(operatorFeeSats),
        lines: payoutPaidByOperator(orderId, amountSats, operatorFeeSats),
      };
    case "failed":
      return { state: "failed", feeMsat: null, lines: [payoutFailed(orderId, amountSats)] };
  }
}

/** BOLT11: the payment hash is the sha256 of the preimage. */
const hashOf = (preimage: string): string => createHash("sha256").update(Buffer.from(preimage, "hex")).digest("hex");
