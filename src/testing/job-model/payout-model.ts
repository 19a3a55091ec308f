import { type Model, ordersOf } from "./model";
import { inFlight, type ModelPayout, type Payee } from "./order-model";
import type { ModelSession } from "./session-model";

const GRACE_MS = 60_000;
const LEAST_LEFT_MS = 60_000;

export type ClaimAnswer =
  | "same"
  | "payoutInFlight"
  | "nothingOwed"
  | "refundTargetReused"
  | "refundTargetUnusable"
  | "new";
export type Target = { paymentHash: string; amountMsat: bigint | null; network: string; expiresAt: number };

/** What is answered to a claim of so much (all that is owed, unless a code says how much) to this target. */
export function claimAnswer(
  model: Model,
  order: Payee,
  name: string,
  target: Target,
  codeAmount?: bigint,
): ClaimAnswer {
  const newest = order.payouts.at(-1);
  const waiting = inFlight(order) !== undefined;
  if (waiting || order.owed === 0n) {
    if (newest && newest.target === name && newest.state !== "failed") return "same";
    return waiting ? "payoutInFlight" : "nothingOwed";
  }
  const amount = codeAmount ?? order.owed;
  if (amount > order.owed) return "nothingOwed";
  const usable =
    target.network === "bcrt" &&
    target.amountMsat === amount * 1000n &&
    target.expiresAt >= model.now + LEAST_LEFT_MS &&
    !ordersOf(model).some(({ invoices }) => invoices.some(({ paymentHash }) => paymentHash === target.paymentHash));
  if (!usable) return "refundTargetUnusable";
  const reused = ordersOf(model).some(({ payouts }) =>
    payouts.some(({ paymentHash }) => paymentHash === target.paymentHash),
  );
  return reused ? "refundTargetReused" : "new";
}

/** What is owed on an order becomes the balance of a session, which takes it now or does not. */
export function creditAnswer(order: Payee, target: string, takesCredit: boolean): ClaimAnswer {
  const newest = order.payouts.at(-1);
  const waiting = inFlight(order) !== undefined;
  if (waiting || order.owed === 0n) {
    if (newest && newest.target === target && newest.state !== "failed") return "same";
    return waiting ? "payoutInFlight" : "nothingOwed";
  }
  return takesCredit ? "new" : "refundTargetUnusable";
}

/** No wallet hears of it: it is in the session at once. */
export function creditedInto(order: Payee, session: ModelSession): void {
  const amount = order.owed;
  const payout = { paymentHash: session.id, paymentRequest: "", target: session.id, amount, expiresAt: 0 };
  order.payouts.push({ ...payout, state: "paid", sentAt: 0, fate: "paid", feeMsat: 0n });
  order.owed = 0n;
  order.paidOut += amount;
  session.credited += amount;
  session.balance += amount;
}

export function claimed(
  order: Payee,
  payout: Pick<ModelPayout, "paymentHash" | "paymentRequest" | "target" | "amount" | "expiresAt">,
) {
  order.owed -= payout.amount;
  order.inFlight += payout.amount;
  order.payouts.push({ ...payout, state: "queued", sentAt: 0, fate: "none", feeMsat: 0n });
}

/** What happens when a payment is tried: what the wallet does, and what we hear of it. */
export type Paying =
  | "pays"
  | "timesOutBefore"
  | "timesOutAfter"
  | "notSent"
  | "pending"
  | "arrivesLate"
  | "fails"
  | "diesBefore"
  | "diesAfter";

/** Will the wallet be asked to pay when this payout's task runs? */
export const willSend = (model: Model, payout: ModelPayout): boolean =>
  payout.state === "queued" && payout.expiresAt > model.now;

/** Only a payment that the wallet has never tried can go wrong in every way. */
export const mayGoWrong = (payout: ModelPayout): boolean => payout.fate === "none";

export function payoutRun(model: Model, order: Payee, payout: ModelPayout, how: Paying, feeMsat: bigint): void {
  if (payout.state === "queued") {
    if (willSend(model, payout)) sent(model, order, payout, how, feeMsat);
    else over(model, order, payout);
  } else if (payout.state === "sending" && !model.outage) {
    if (payout.fate === "paid") paidOut(model, order, payout);
    else if (payout.fate === "failed") failed(order, payout);
    else if (isUnseen(payout) && model.now - payout.sentAt >= GRACE_MS) payout.state = "queued";
  }
}

const isUnseen = ({ fate }: ModelPayout): boolean => fate === "none" || fate === "heldUnseen";

/** Its invoice has expired: what was never sent is owed again; of what was sent once the wallet has the last word. */
function over(model: Model, order: Payee, payout: ModelPayout): void {
  if (payout.sentAt > 0 && model.outage) return;
  if (payout.fate === "paid") paidOut(model, order, payout);
  else failed(order, payout);
}

function sent(model: Model, order: Payee, payout: ModelPayout, how: Paying, feeMsat: bigint): void {
  payout.sentAt = model.now;
  const dies = how === "diesBefore" || how === "diesAfter";
  if (model.outage === "refusing" && !dies) return;
  payout.state = "sending";
  if (model.outage) return;
  // An attempt that failed for good may be followed by one that succeeds; one that is under way or through by none.
  if (payout.fate !== "none" && payout.fate !== "failed") return;
  if (how === "notSent") payout.state = "queued";
  if (how === "pending") payout.fate = "heldPending";
  if (how === "arrivesLate") payout.fate = "heldUnseen";
  if (how === "fails") payout.fate = "failed";
  if (how === "pays" || how === "timesOutAfter" || how === "diesAfter") {
    payout.fate = "paid";
    payout.feeMsat = feeMsat;
  }
  if (how === "pays") paidOut(model, order, payout);
  if (how === "fails") failed(order, payout);
}

function paidOut(model: Model, order: Payee, payout: ModelPayout): void {
  payout.state = "paid";
  order.inFlight -= payout.amount;
  order.paidOut += payout.amount;
  model.totals.paidOut += payout.amount;
  model.totals.feesMsat += payout.feeMsat;
}

function failed(order: Payee, payout: ModelPayout): void {
  payout.state = "failed";
  order.inFlight -= payout.amount;
  order.owed += payout.amount;
}
