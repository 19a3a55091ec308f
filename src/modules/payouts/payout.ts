import type { Sats } from "~/core/money";
import { err, ok, type Result } from "~/core/result";

/** `session`: credited to a balance of ours, at once; the others pay an invoice. */
export type PayoutMethod = "invoice" | "lightningAddress" | "lnurl" | "session";
/** `queued`: decided, not sent. `sending`: it may have left, its outcome is looked up. Then `paid` or `failed`. */
export type PayoutState = "queued" | "sending" | "paid" | "failed";

export type Order = { orderKind: string; orderId: string };

export type Payout = Order & {
  id: string;
  method: PayoutMethod;
  target: string;
  /** Both empty where no invoice is paid (`session`). */
  paymentRequest: string;
  paymentHash: string;
  amountSats: Sats;
  expiresAt: Date;
  state: PayoutState;
  createdAt: Date;
  sentAt: Date | null;
  note: string | null;
};

/** What its payer is shown of it. */
export type ShownPayout = Pick<Payout, "state" | "method" | "amountSats">;

/** Decided, and its outcome not known yet. */
export const isInFlight = (state: PayoutState): state is "queued" | "sending" =>
  state === "queued" || state === "sending";

/** Why an invoice cannot be the target of a payout. `detail` is for the person who presented it. */
export type UnusableTarget = { code: "refundTargetUnusable"; detail: string };

const MIN_SECONDS_LEFT = 60;

/** The rules of spec §3 for an invoice that is presented to be paid by us. */
export function checkTarget(
  invoice: { network: string; amountMsat: bigint | null; expiresAt: Date },
  wanted: { network: string; amountSats: Sats; now: Date },
): Result<null, UnusableTarget> {
  const refuse = (detail: string) => err({ code: "refundTargetUnusable" as const, detail });
  if (invoice.network !== wanted.network) {
    return refuse(`This invoice is for another Lightning network (ln${invoice.network}); ours is ln${wanted.network}.`);
  }
  if (invoice.amountMsat === null) {
    return refuse(`The invoice must name its amount: exactly ${wanted.amountSats} sats.`);
  }
  if (invoice.amountMsat !== wanted.amountSats * 1000n) {
    return refuse(`The invoice must be for exactly ${wanted.amountSats} sats.`);
  }
  if (invoice.expiresAt.getTime() < wanted.now.getTime() + MIN_SECONDS_LEFT * 1000) {
    return refuse(`The invoice has expired or will within ${MIN_SECONDS_LEFT} seconds: make a fresh one.`);
  }
  return ok(null);
}

const SECOND = 1000;

/** How long until the outcome of a payout is asked for again: as long as it has been open, 1 s to 60 s. */
export function lookUpPauseMs(since: Date, now: Date): number {
  return Math.min(Math.max(now.getTime() - since.getTime(), SECOND), 60 * SECOND);
}

/** What an operator says of a payout that is stuck. */
export type OperatorsWord = "paid" | "failed";

/** What the wallet says of it. `neverSent`: it was never told to pay, so there is nothing to ask. */
export type WalletsWord = "paid" | "failed" | "pending" | "notFound" | "neverSent";

/** Who paid it, or that nobody did. */
export type Settled = "paidByWallet" | "paidByOperator" | "failed";

export type WordRefused =
  | { code: "walletKnowsBetter"; walletSays: "paid" | "pending" }
  | { code: "payoutUncertain" }
  | { code: "preimageNeeded" };

/**
 * What an operator's word comes to beside the wallet's, which is never contradicted. `proven`: the preimage is at
 * hand, so somebody paid the invoice. `graceOver`: no request can still be on its way to the wallet.
 */
export function settledByHand(
  word: OperatorsWord,
  wallet: WalletsWord,
  { proven, graceOver }: { proven: boolean; graceOver: boolean },
): Result<Settled, WordRefused> {
  switch (wallet) {
    case "paid":
      return word === "paid" ? ok("paidByWallet") : err({ code: "walletKnowsBetter", walletSays: "paid" });
    case "pending":
      return err({ code: "walletKnowsBetter", walletSays: "pending" });
    case "notFound":
      if (!graceOver) return err({ code: "payoutUncertain" });
      break;
    case "failed":
    case "neverSent":
      break;
  }
  if (word === "failed") return ok("failed");
  return proven ? ok("paidByOperator") : err({ code: "preimageNeeded" });
}
