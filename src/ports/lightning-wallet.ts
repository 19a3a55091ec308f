import type { Msat, Sats } from "~/core/money";
import type { Result } from "~/core/result";

/** 64 lower-case hex digits: the sha256 of a payment's preimage. */
export type PaymentHash = string;

/**
 * Why a question to the wallet got no answer. None of them says anything about money.
 * `walletDown`: unreachable, timed out, 5xx or nonsense. `walletBusy`: 429. `walletRefused`: key or request not accepted.
 */
export type WalletFailure =
  | { code: "walletDown"; detail: string }
  | { code: "walletBusy"; detail: string; retryAfterSeconds: number }
  | { code: "walletRefused"; detail: string };

export type NewInvoice = {
  amountSats: Sats;
  /** Shown by the payer's wallet. Never carries an id of ours. */
  memo: string;
  expirySeconds: number;
  /** Ours, unguessable, kept by the wallet beside the invoice. */
  reference: string;
};
export type CreatedInvoice = { paymentHash: PaymentHash; paymentRequest: string; expiresAt: Date };

/** `expired` is said only when the wallet was asked after the expiry and it was not paid. */
export type InvoiceStatus =
  | { state: "open" }
  | { state: "settled"; creditedMsat: Msat }
  | { state: "expired" }
  | { state: "unknown" };

/**
 * What became of an attempt to pay.
 * `paid`: settled, with the routing fee on top. `failed`: definitely not paid, and never will be by this attempt.
 * `notSent`: definitely not sent, the same invoice may be tried again later (too little float, busy, connection refused).
 * `unknown`: it may have gone out: look it up, never resend on the strength of this.
 */
export type PayOutcome =
  | { outcome: "paid"; feeMsat: Msat }
  | { outcome: "failed"; reason: string }
  | { outcome: "notSent"; reason: string }
  | { outcome: "unknown"; reason: string };

/**
 * `notFound`: the wallet knows of no such outgoing payment.
 * `reservedMsat`: what the wallet already took off its balance for it, the fee reserve included.
 */
export type PaymentStatus =
  | { state: "paid"; feeMsat: Msat }
  | { state: "failed"; reason: string }
  | { state: "pending"; reservedMsat: Msat }
  | { state: "notFound" };

export type SettlementFeed = {
  /** While true, polls can be rarer: settlements arrive by themselves. */
  healthy(): boolean;
  stop(): Promise<void>;
};

/** A Lightning wallet that takes payments and makes them. Every adapter passes `testing/wallet-contract`. */
export type LightningWallet = {
  readonly kind: "lnbits" | "simulated";
  createInvoice(invoice: NewInvoice): Promise<Result<CreatedInvoice, WalletFailure>>;
  lookUpInvoice(hash: PaymentHash): Promise<Result<InvoiceStatus, WalletFailure>>;
  /** One or a few calls for many invoices. A hash that is missing from the answer was not covered: ask for it singly. */
  lookUpInvoices(
    invoices: readonly { paymentHash: PaymentHash; createdAt: Date }[],
  ): Promise<Result<ReadonlyMap<PaymentHash, InvoiceStatus>, WalletFailure>>;
  pay(payment: { paymentRequest: string; paymentHash: PaymentHash; reference: string }): Promise<PayOutcome>;
  lookUpPayment(hash: PaymentHash): Promise<Result<PaymentStatus, WalletFailure>>;
  balance(): Promise<Result<Msat, WalletFailure>>;
  /** Calls `hint` for each invoice that may have settled. A hint is no proof: look the invoice up. */
  followSettlements(hint: (hash: PaymentHash) => void): SettlementFeed;
};

/** Pays one of our own invoices for a developer who has no wallet at hand. */
export type DevPayer = {
  /** `fromOwnWallet`: the sats left our own wallet and have to be booked as spent, with this routing fee. */
  pay(invoice: {
    paymentHash: PaymentHash;
    paymentRequest: string;
  }): Promise<
    Result<{ preimage: string; fromOwnWallet: boolean; feeMsat: Msat }, WalletFailure | { code: "invoiceNotPayable" }>
  >;
};
