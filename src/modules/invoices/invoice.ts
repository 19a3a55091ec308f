import type { Msat, Sats } from "~/core/money";

/** What an invoice is for, in the words of the order that it belongs to. */
export type InvoiceFor = { orderKind: string; orderId: string; purpose: string };
export type InvoiceState = "open" | "settled" | "expired";

export type Invoice = InvoiceFor & {
  paymentHash: string;
  paymentRequest: string;
  amountSats: Sats;
  state: InvoiceState;
  createdAt: Date;
  expiresAt: Date;
  creditedMsat: Msat | null;
};

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const FIRST_CHECK = 5 * SECOND;
const RAREST_CHECK = 60 * SECOND;
/** Some wallets write an invoice off at its expiry without asking their node: they are asked shortly before. */
const LAST_LOOK = 2 * SECOND;
/** Lightning can settle late: after its expiry an invoice is asked for again this much later, and then never more. */
const AFTER_EXPIRY = [0, MINUTE, HOUR, DAY, 7 * DAY];

/**
 * When an invoice is looked up by itself next: with growing pauses while it is open, shortly before its expiry, at it,
 * and a few times after that. Null when it never is again.
 */
export function nextCheckAt(invoice: { createdAt: Date; expiresAt: Date }, now: Date): Date | null {
  const expiry = invoice.expiresAt.getTime();
  const age = now.getTime() - invoice.createdAt.getTime();
  // As long again as it has waited so far, within bounds: 5 s, 10 s, 20 s, 40 s, 60 s, 60 s …
  const pause = Math.min(Math.max(age, FIRST_CHECK), RAREST_CHECK);
  const whileOpen = now.getTime() + pause;
  const lastLook = expiry - LAST_LOOK;
  if (now.getTime() < lastLook) return new Date(Math.min(whileOpen, lastLook));
  const later = AFTER_EXPIRY.map((delay) => expiry + delay).find((at) => at > now.getTime());
  return later === undefined ? null : new Date(later);
}

/** Polls of one invoice share a look-up for so long; longer while settlements are announced by themselves. */
export const sharedLookUpMs = (feedHealthy: boolean): number => (feedHealthy ? 15 * SECOND : 2 * SECOND);
