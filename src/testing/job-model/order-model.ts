/** What jobs and sessions have in common. Sats unless a name says msat; times in ms. */
export type ModelInvoice = {
  paymentHash: string;
  purpose: "eval" | "work" | "other" | "deposit" | "topup";
  amount: bigint;
  expiresAt: number;
  /** What the wallet was paid, msat; null while it was not. */
  creditedMsat: bigint | null;
  state: "open" | "expired" | "settled";
  lookedUpAt: number | null;
};

/** What the wallet did with a payment, whatever it told us. */
export type Fate = "none" | "paid" | "failed" | "heldPending" | "heldUnseen";
export type ModelPayout = {
  /** Of the invoice that it goes to; of one into a session, the session's id. */
  paymentHash: string;
  paymentRequest: string;
  target: string;
  amount: bigint;
  expiresAt: number;
  state: "queued" | "sending" | "paid" | "failed";
  sentAt: number;
  fate: Fate;
  feeMsat: bigint;
};
export type ModelCode = { k1: string; amount: bigint; expiresAt: number; used: boolean };

/** Whatever invoices are for, as far as money is owed on it. */
export type Payee = {
  id: string;
  refundToken: string;
  invoices: ModelInvoice[];
  payouts: ModelPayout[];
  codes: ModelCode[];
  credited: bigint;
  owed: bigint;
  inFlight: bigint;
  paidOut: bigint;
};

export const newPayee = (id: string, refundToken: string, invoices: ModelInvoice[]): Payee => ({
  ...{ id, refundToken, invoices, payouts: [], codes: [] },
  ...{ credited: 0n, owed: 0n, inFlight: 0n, paidOut: 0n },
});

export const newInvoice = (
  purpose: ModelInvoice["purpose"],
  amount: bigint,
  { paymentHash, expiresAt }: { paymentHash: string; expiresAt: number },
): ModelInvoice => ({ paymentHash, expiresAt, purpose, amount, creditedMsat: null, state: "open", lookedUpAt: null });

export const inFlight = ({ payouts }: Payee): ModelPayout | undefined =>
  payouts.find(({ state }) => state === "queued" || state === "sending");
