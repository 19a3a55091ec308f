import { createHash, randomBytes } from "node:crypto";
import { signInvoice } from "~/adapters/bolt11/sign-invoice";
import type { Msat } from "~/core/money";
import type { LightningNetwork } from "~/ports/bolt11";

export type OutsideInvoiceOptions = {
  amountMsat: Msat | null;
  network?: LightningNetwork;
  createdAt?: Date;
  expirySeconds?: number;
  description?: string;
};

/** A visitor's own wallet, as far as we see it: genuine invoices, signed with a key of its own. */
export function outsideInvoice(options: OutsideInvoiceOptions): { paymentHash: string; paymentRequest: string } {
  const {
    amountMsat,
    network = "bcrt",
    createdAt = new Date(),
    expirySeconds = 3600,
    description = "for me",
  } = options;
  const paymentHash = createHash("sha256").update(randomBytes(32)).digest("hex");
  const paymentRequest = signInvoice({
    network,
    amountMsat,
    paymentHash,
    paymentSecret: randomBytes(32).toString("hex"),
    description,
    createdAt,
    expirySeconds,
    privateKey: "07".repeat(32),
  });
  return { paymentHash, paymentRequest };
}
