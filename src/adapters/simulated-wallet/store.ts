import type { Msat } from "~/core/money";
import type { PaymentHash, SettlementFeed } from "~/ports/lightning-wallet";

export type InvoiceToKeep = {
  paymentHash: PaymentHash;
  /** 64 hex digits: whoever pays learns it. */
  preimage: string;
  paymentRequest: string;
  amountMsat: Msat;
  reference: string;
  createdAt: Date;
  expiresAt: Date;
};

export type KeptInvoice = { paymentHash: PaymentHash; state: "open" | "settled" | "expired"; amountMsat: Msat };

/** Why nothing was paid. `notPayable`: the wallet's own invoice, and it is settled, over or another text. */
export type PayingResult = "paid" | "alreadyPaid" | "notPayable" | "insufficient";

/** Where the simulated wallet keeps its money. Shared by every process, so each change is atomic. Times come from the caller. */
export type SimulatedWalletStore = {
  /** Makes the wallet with this balance, unless it is there already. */
  open(openingMsat: Msat): Promise<void>;
  addInvoice(invoice: InvoiceToKeep): Promise<void>;
  /** Those it knows. Once `expired` was answered for an invoice, nothing can settle it any more. */
  readInvoices(hashes: readonly PaymentHash[], now: Date): Promise<KeptInvoice[]>;
  /** Settles an open invoice, once, and credits it. Null where there is none. */
  settle(hash: PaymentHash, now: Date): Promise<{ preimage: string } | null>;
  /** Pays an invoice, once, never beyond the balance. An invoice of its own is settled by it. */
  pay(
    payment: { paymentHash: PaymentHash; paymentRequest: string; amountMsat: Msat; reference: string },
    now: Date,
  ): Promise<PayingResult>;
  readPayment(hash: PaymentHash): Promise<{ feeMsat: Msat } | null>;
  readBalance(): Promise<Msat>;
  /** Hears of settlements in whatever process. */
  listen(hint: (hash: PaymentHash) => void): SettlementFeed;
};
