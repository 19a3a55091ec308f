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
/** Lightning can settle late: after its expiry an invoice is looked up again this much later, and then never again. */
const AFTER_EXPIRY = [0, MINUTE, HOUR, DAY, 7 * DAY];

/** As long again as the invoice has waited so far, within bounds: 5 s, 10 s, 20 s, 40 s, 60 s, 60 s … */
export const growingPauseMs = ({ createdAt }: { createdAt: Date }, now: Date): number =>
  Math.min(Math.max(now.getTime() - createdAt.getTime(), FIRST_CHECK), RAREST_CHECK);

/**
 * When an invoice is looked up by itself next: with growing pauses while it is open, shortly before its expiry, at it,
 * and a few times after that. Null when it never is again.
 */
export function nextCheckAt(invoice: { createdAt: Date; expiresAt: Date }, now: Date): Date | null {
  const expiry = invoice.expiresAt.getTime();
  const whileOpen = now.getTime() + growingPauseMs(invoice, now);
  const lastLook = expiry - LAST_LOOK;
  if (now.getTime() < lastLook) return new Date(Math.min(whileOpen, lastLook));
  const later = AFTER_EXPIRY.map((delay) => expiry + delay).find((at) => at > now.getTime());
  return later === undefined ? null : new Date(later);
}

/**
 * When to look up next an invoice that has expired by our clock while the wallet still calls it open, because its
 * clock differs or its node does not answer. A minute later, then ever more rarely, but always again: an order waits
 * for the answer.
 */
export const overdueCheckAt = ({ expiresAt }: { expiresAt: Date }, now: Date): Date =>
  new Date(now.getTime() + Math.max(MINUTE, (now.getTime() - expiresAt.getTime()) / 60));

/** A request to pay an invoice, sent before its expiry, may reach the wallet this much later. */
const LATE_REQUEST = MINUTE;

/** Whether a wallet that has not paid the invoice by `now` never will, by a request that was sent while it was open. */
export const isPastPaying = ({ state, expiresAt }: Pick<Invoice, "state" | "expiresAt">, now: Date): boolean =>
  state === "settled" || (state === "expired" && now.getTime() >= expiresAt.getTime() + LATE_REQUEST);

/** Polls of one invoice share a look-up for so long; longer while settlements are announced by themselves. */
export const sharedLookUpMs = (feedHealthy: boolean): number => (feedHealthy ? 15 * SECOND : 2 * SECOND);

/**
 * A look-up between these two instants is shared. One that is further ahead than it could be shared for was noted by a
 * clock that has been put back since.
 */
export const sharedBetween = (now: Date, sharedMs: number): { after: Date; before: Date } => ({
  after: new Date(now.getTime() - sharedMs),
  before: new Date(now.getTime() + sharedMs),
});
