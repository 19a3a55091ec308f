import { decode, type PaymentRequestObject } from "bolt11";
import { msat } from "~/core/money";
import { err, ok } from "~/core/result";
import type { DecodedInvoice, DecodeInvoice, LightningNetwork } from "~/ports/bolt11";
import { chainOf } from "./networks";

/** Longer than any invoice that fits a QR code, so that nobody can make us parse a book. */
const MAX_CHARACTERS = 4296;
const SCHEME = /^lightning:(\/\/)?/i;
/** BOLT11's human-readable part: chain, then amount with its multiplier. The longer chains go first. */
const PREFIX = /^ln(bcrt|tbs|bc|tb|sb)([0-9]+[munp]?)?$/;
const HASH = /^[0-9a-f]{64}$/;
/** BOLT11: the expiry of an invoice that names none. */
const DEFAULT_EXPIRY_SECONDS = 3600;

/**
 * Reads a BOLT11 invoice, with or without `lightning:` before it. An error for whatever two wallets could read
 * differently.
 */
export const decodeInvoice: DecodeInvoice = (text) => {
  const bare = text.trim().replace(SCHEME, "");
  if (bare.length > MAX_CHARACTERS || !isOneCase(bare)) return err({ code: "invoiceUnreadable" });
  try {
    const invoice = read(bare.toLowerCase());
    return invoice ? ok(invoice) : err({ code: "invoiceUnreadable" });
  } catch {
    // The library throws on whatever is not an invoice.
    return err({ code: "invoiceUnreadable" });
  }
};

function read(paymentRequest: string): DecodedInvoice | null {
  const prefix = PREFIX.exec(paymentRequest.slice(0, paymentRequest.lastIndexOf("1")));
  if (!prefix) return null;
  const network = prefix[1] as LightningNetwork;
  const raw = decode(paymentRequest, chainOf(network));

  const paymentHash = only(raw, "payment_hash");
  const expirySeconds = only(raw, "expire_time") ?? DEFAULT_EXPIRY_SECONDS;
  const description = only(raw, "description") ?? "";
  if (typeof paymentHash !== "string" || !HASH.test(paymentHash)) return null;
  if (typeof expirySeconds !== "number" || typeof description !== "string" || raw.timestamp === undefined) return null;

  const amountMsat = raw.millisatoshis == null ? null : msat(BigInt(raw.millisatoshis));
  // An amount that was written must have been understood, and an invoice for nothing is none.
  if ((amountMsat === null) !== (prefix[2] === undefined) || amountMsat === 0n) return null;

  const createdAt = new Date(raw.timestamp * 1000);
  const expiresAt = new Date((raw.timestamp + expirySeconds) * 1000);
  if (Number.isNaN(expiresAt.getTime())) return null;
  return { paymentRequest, paymentHash, network, amountMsat, createdAt, expiresAt, description };
}

/** A field's value. Given twice, one wallet would take the first and another the last: that is refused. */
function only(raw: PaymentRequestObject, name: string) {
  const found = raw.tags.filter((tag) => tag.tagName === name);
  if (found.length > 1) throw new Error(`${name} is given twice`);
  return found[0]?.data;
}

/** BIP-173: a bech32 text is all lower or all upper case. */
const isOneCase = (text: string) => text === text.toLowerCase() || text === text.toUpperCase();
