import { encode, sign } from "bolt11";
import { assert } from "~/core/assert";
import type { Msat } from "~/core/money";
import type { LightningNetwork } from "~/ports/bolt11";
import { chainOf } from "./networks";

export type InvoiceToSign = {
  network: LightningNetwork;
  /** Null leaves the amount to the payer. */
  amountMsat: Msat | null;
  /** 64 hex digits each. The secret keeps probes along the route from guessing the recipient. */
  paymentHash: string;
  paymentSecret: string;
  /** At most 639 bytes of UTF-8: more does not fit the field's length in BOLT11. */
  description: string;
  /** Whole seconds: BOLT11 knows no fraction. */
  createdAt: Date;
  expirySeconds: number;
  /** 64 hex digits: the key of the node that will be paid. */
  privateKey: string;
};

const MAX_DESCRIPTION_BYTES = 639;

/** A genuine BOLT11 invoice, signed: any wallet of that network reads it. */
export function signInvoice(invoice: InvoiceToSign): string {
  assert(Buffer.byteLength(invoice.description) <= MAX_DESCRIPTION_BYTES, "the description fits BOLT11");
  const unsigned = encode({
    network: chainOf(invoice.network),
    millisatoshis: invoice.amountMsat === null ? null : invoice.amountMsat.toString(),
    timestamp: Math.floor(invoice.createdAt.getTime() / 1000),
    tags: [
      { tagName: "payment_hash", data: invoice.paymentHash },
      { tagName: "payment_secret", data: invoice.paymentSecret },
      { tagName: "description", data: invoice.description },
      { tagName: "expire_time", data: invoice.expirySeconds },
    ],
  });
  const { paymentRequest } = sign(unsigned, invoice.privateKey);
  assert(paymentRequest, "a signed invoice has a text");
  return paymentRequest;
}
