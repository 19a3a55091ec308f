import { z } from "zod";
import type { PaymentHash } from "~/ports/lightning-wallet";

const Paid = z.object({ payment_hash: z.string().regex(/^[0-9a-fA-F]{64}$/) });
/** LNbits sends JSON inside a JSON string: the text, the string and the object are all taken. */
const MAX_WRAPPINGS = 2;

/**
 * The hash that LNbits' webhook names; null for anything else. The body is unsigned, so whoever reads it knows only
 * what to ask the wallet about.
 */
export function parseWebhookHint(body: unknown): PaymentHash | null {
  let inner = body;
  for (let unwrapped = 0; typeof inner === "string" && unwrapped < MAX_WRAPPINGS; unwrapped += 1) {
    try {
      inner = JSON.parse(inner);
    } catch {
      return null;
    }
  }
  return Paid.safeParse(inner).data?.payment_hash.toLowerCase() ?? null;
}
