import { wireSats } from "~/core/money";
import { err, ok } from "~/core/result";
import { isInFlight, type ShownPayout } from "./payout";
import type { Refund } from "./payout-service";

/** What can stand against a refund, besides the token: the same for every kind of order. */
export const REFUND_PROBLEMS = [
  "refundTargetMissing",
  "refundTargetUnusable",
  "refundTargetReused",
  "addressUnusable",
  "addressAmountOutOfRange",
  "addressUnreachable",
  "nothingOwed",
  "payoutInFlight",
  "walletDown",
] as const;

/** A refund's answer, as the wire has it: the same for every kind of order. */
export function refundAnswerOf(refund: Refund) {
  if (refund.kind === "withdrawCode") {
    return { lnurl: refund.lnurl, expiresAt: refund.expiresAt.toISOString(), amountSats: wireSats(refund.amountSats) };
  }
  const { payout, owedSats } = refund;
  const amounts = { amountSats: wireSats(payout.amountSats), owedSats: wireSats(owedSats) };
  if (payout.method === "session") return { refundState: "paid" as const, ...amounts, sessionId: payout.target };
  const refundState = payout.state === "paid" ? ("paid" as const) : ("pending" as const);
  return { refundState, ...amounts, paymentHash: payout.paymentHash };
}

/** An order's newest payout, as it is shown to its payer: what is queued, being sent or unclear is simply on its way. */
export const payoutOnWire = ({ state, method, amountSats }: ShownPayout) => ({
  state: isInFlight(state) ? ("pending" as const) : state,
  method,
  amountSats: wireSats(amountSats),
});

/** The way that a call names; exactly one must be. */
export function refundWay(
  target: {
    invoice?: string | undefined;
    lightningAddress?: string | undefined;
    sessionId?: string | undefined;
    lnurl?: true | undefined;
  },
  origin: string,
) {
  const { invoice, lightningAddress, sessionId, lnurl } = target;
  const ways = [
    ...(invoice ? [{ invoice }] : []),
    ...(lightningAddress ? [{ lightningAddress }] : []),
    ...(sessionId ? [{ sessionId }] : []),
    ...(lnurl ? [{ lnurl, origin }] : []),
  ];
  const [way] = ways;
  return way && ways.length === 1 ? ok(way) : err({ code: "refundTargetMissing" } as const);
}
