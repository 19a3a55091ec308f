import type { Msat } from "~/core/money";
import type { Result } from "~/core/result";
import type { PaymentHash } from "./lightning-wallet";

/** The part of a BOLT11 prefix that names the chain: main, test, signet, regtest and simnet. */
export type LightningNetwork = "bc" | "tb" | "tbs" | "bcrt" | "sb";

export type DecodedInvoice = {
  /** The invoice itself, in lower case, without a scheme: what is paid and kept. */
  paymentRequest: string;
  paymentHash: PaymentHash;
  network: LightningNetwork;
  /** Null when the payer may choose. */
  amountMsat: Msat | null;
  createdAt: Date;
  /** BOLT11 counts 3600 seconds where the invoice is silent. */
  expiresAt: Date;
  /** Empty where the invoice only commits to a hash of one. */
  description: string;
};

/**
 * Reads a BOLT11 invoice as people paste it: any case, blanks around it, `lightning:` before it. Never throws.
 * Whatever two wallets could read differently (a field given twice, a fraction of a msat) is unreadable.
 */
export type DecodeInvoice = (text: string) => Result<DecodedInvoice, { code: "invoiceUnreadable" }>;
