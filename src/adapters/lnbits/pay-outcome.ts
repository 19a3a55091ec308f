import { z } from "zod";
import type { PaymentHash, PayOutcome } from "~/ports/lightning-wallet";
import type { Reply } from "./lnbits-http";
import { feeMsat, isIncoming, PaymentRow } from "./lnbits-shapes";
import { wordsOf } from "./query-failure";

/** LNbits' words (1.6) for what it declined before it sent anything, and may accept another time. */
const NOT_SENT = [
  /^insufficient balance/i,
  /^you must reserve at least/i,
  /^the time limit of \d+ seconds between payments/i,
  /^daily withdrawal limit/i,
  /^it is not allowed to spend funds/i,
  /^only incoming payments allowed/i,
  /^wallet does not have permission/i,
  /^could not fetch wallet/i,
];
/** Its words for what it, or its node, has given up on. */
const FAILED = [
  /^payment failed:/i,
  /^payment is failed node, retrying is not possible/i,
  /^bolt11 decoding failed/i,
  /^invalid invoice\. bolt11 changed/i,
  /^amountless invoices not supported/i,
  /^invoice amount \d+ sats is too high/i,
];

/** FastAPI's answer to a request that it could not even read. */
const NotUnderstood = z.object({ detail: z.array(z.unknown()) });

/**
 * What LNbits' answer to "pay this" means. Whatever is not known to be harmless is `unknown`: "already paid" may be
 * this very payment, and a record that was failed before says nothing of an attempt that came later.
 */
export function payOutcome(reply: Reply, paymentHash: PaymentHash): PayOutcome {
  if (reply.kind === "notReached") return { outcome: "notSent", reason: reply.detail };
  if (reply.kind === "silence") return { outcome: "unknown", reason: reply.detail };
  const { status, json } = reply;
  if (status === 201 || status === 200) return recorded(json, paymentHash);

  const words = wordsOf(json);
  const reason = `LNbits answered ${status}: ${words}`;
  if (status === 400 || status === 520) {
    if (NOT_SENT.some((pattern) => pattern.test(words))) return { outcome: "notSent", reason };
    if (FAILED.some((pattern) => pattern.test(words))) return { outcome: "failed", reason };
    if (NotUnderstood.safeParse(json).success) return { outcome: "notSent", reason };
  }
  // Turned away at the door: key, limit of calls, or an installation that is not finished.
  if ([401, 403, 404, 429].includes(status) || (status >= 300 && status <= 399)) return { outcome: "notSent", reason };
  return { outcome: "unknown", reason };
}

/** 201 is not "paid": the record's status counts. */
function recorded(json: unknown, paymentHash: PaymentHash): PayOutcome {
  const record = PaymentRow.safeParse(json);
  if (!record.success || record.data.payment_hash !== paymentHash || isIncoming(record.data)) {
    return { outcome: "unknown", reason: "LNbits answered with something else than this payment" };
  }
  if (record.data.status === "success") return { outcome: "paid", feeMsat: feeMsat(record.data) };
  return { outcome: "unknown", reason: `LNbits calls the payment ${record.data.status}` };
}
