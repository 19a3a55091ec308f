import { type Msat, msat, type Sats, toMsat } from "~/core/money";

/** The accounts of the books. Those with an owner are kept by the database and never fall below zero. */
export type Account =
  | { kind: "wallet" | "opening_balance" | "operator" | "revenue" | "routing_fees" | "dev_pay" | "pool_commitment" }
  | { kind: "escrow" | "owed" | "in_flight" | "prepaid" | "held"; owner: string }
  | { kind: "pool"; owner: "pool" };

/** One movement: the debited account gives or bears it, the credited one receives it. */
export type Line = { debit: Account; credit: Account; amount: Msat };

/** A business event. Its key is unique for ever: the database posts it once. */
export type LedgerEvent = { key: string; lines: readonly Line[]; memo?: string };

const POOL = { kind: "pool", owner: "pool" } as const;
const WALLET = { kind: "wallet" } as const;
const escrow = (orderId: string) => ({ kind: "escrow", owner: orderId }) as const;
const owed = (orderId: string) => ({ kind: "owed", owner: orderId }) as const;
const prepaid = (orderId: string) => ({ kind: "prepaid", owner: orderId }) as const;
const inFlight = (orderId: string) => ({ kind: "in_flight", owner: orderId }) as const;

/** Whose a payment is: held for the order, its balance to spend, or, too late, its payer's. */
export type PaidInto = "escrow" | "prepaid" | "owed";

/**
 * What the wallet credited for an order. A fraction of a sat is too small to belong to anybody: it goes towards fees.
 */
export function paymentReceived(orderId: string, credited: Msat, to: PaidInto): Line[] {
  const fraction = msat(credited % 1000n);
  return [
    { debit: WALLET, credit: { kind: to, owner: orderId }, amount: msat(credited - fraction) },
    { debit: WALLET, credit: { kind: "routing_fees" }, amount: fraction },
  ];
}

/** Of what was paid for an order, what is ours. */
export const earned = (orderId: string, amount: Sats): Line => ({
  debit: escrow(orderId),
  credit: { kind: "revenue" },
  amount: toMsat(amount),
});

/** Of what was paid for an order, what goes back to its payer. */
export const becameOwed = (orderId: string, amount: Sats): Line => ({
  debit: escrow(orderId),
  credit: owed(orderId),
  amount: toMsat(amount),
});

/** A balance that is not spent any more goes back to its payer. */
export const balanceBecameOwed = (orderId: string, amount: Sats): Line => ({
  debit: prepaid(orderId),
  credit: owed(orderId),
  amount: toMsat(amount),
});

/** What is owed on one order becomes the balance of another, or its own. */
export const owedBecameBalance = (orderId: string, balanceOf: string, amount: Sats): Line => ({
  debit: owed(orderId),
  credit: prepaid(balanceOf),
  amount: toMsat(amount),
});

/** The pool's share of what a visitor was charged for work. */
export const poolCredited = (amount: Sats): Line => ({
  debit: { kind: "revenue" },
  credit: POOL,
  amount: toMsat(amount),
});

/** The operator appropriates more to give away. */
export const poolToppedUp = (amount: Sats): Line => ({
  debit: { kind: "pool_commitment" },
  credit: POOL,
  amount: toMsat(amount),
});

/** Decided, and from now on in flight: nobody can claim it a second time. */
export const payoutStarted = (orderId: string, amount: Sats): Line => ({
  debit: owed(orderId),
  credit: inFlight(orderId),
  amount: toMsat(amount),
});

/** Nothing left the wallet: it is owed again. */
export const payoutFailed = (orderId: string, amount: Sats): Line => ({
  debit: inFlight(orderId),
  credit: owed(orderId),
  amount: toMsat(amount),
});

/** The routing fee is ours. */
export const payoutPaid = (orderId: string, amount: Sats, fee: Msat): Line[] => [
  { debit: inFlight(orderId), credit: WALLET, amount: toMsat(amount) },
  { debit: { kind: "routing_fees" }, credit: WALLET, amount: fee },
];

/** Paid by the operator out of another wallet: ours gave nothing, so it is something that the operator put in. */
export const payoutPaidByOperator = (orderId: string, amount: Sats, fee: Sats): Line[] => [
  { debit: inFlight(orderId), credit: { kind: "operator" }, amount: toMsat(amount) },
  { debit: { kind: "routing_fees" }, credit: { kind: "operator" }, amount: toMsat(fee) },
];

/** An invoice of ours that the dev route paid from our own wallet: the sats went round, the expense remains. */
export const devPaySpent = (amount: Sats, fee: Msat): Line[] => [
  { debit: { kind: "dev_pay" }, credit: WALLET, amount: toMsat(amount) },
  { debit: { kind: "routing_fees" }, credit: WALLET, amount: fee },
];

/** What the wallet held before there were books. */
export const openingBalance = (held: Msat): Line => ({
  debit: WALLET,
  credit: { kind: "opening_balance" },
  amount: held,
});

/** The operator put sats into the wallet. */
export const operatorDeposit = (amount: Sats): Line => ({
  debit: WALLET,
  credit: { kind: "operator" },
  amount: toMsat(amount),
});

/** The operator took sats out of the wallet. */
export const operatorWithdrawal = (amount: Sats): Line => ({
  debit: { kind: "operator" },
  credit: WALLET,
  amount: toMsat(amount),
});
