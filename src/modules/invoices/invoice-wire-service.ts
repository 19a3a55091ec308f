import { wireSats } from "~/core/money";
import type { Invoice } from "./invoice";

/** An invoice as its payer sees it: the same for every kind of order. */
export const invoiceOnWire = (
  invoice: Pick<Invoice, "paymentRequest" | "paymentHash" | "amountSats" | "expiresAt">,
) => ({
  paymentRequest: invoice.paymentRequest,
  paymentHash: invoice.paymentHash,
  amountSats: wireSats(invoice.amountSats),
  expiresAt: invoice.expiresAt.toISOString(),
});
