import type { Sats } from "~/core/money";
import type { Result } from "~/core/result";

/** Each `detail` is a sentence for the visitor. It names nothing of ours. */
export type LightningAddressFailure =
  /** No address, nobody there, or its service does not play by the rules: asking again changes nothing. */
  | { code: "addressUnusable"; detail: string }
  | { code: "addressAmountOutOfRange"; minSats: Sats; maxSats: Sats }
  /** Its service did not answer: it may do so later. */
  | { code: "addressUnreachable"; detail: string };

/**
 * Asks the service of a Lightning address (LUD-16, LUD-06) for an invoice of exactly this amount.
 * The host is a stranger's word: the answer comes within seconds, and no private network is ever asked.
 */
export type ResolveLightningAddress = (
  address: string,
  amountSats: Sats,
  options?: { signal?: AbortSignal },
) => Promise<Result<{ paymentRequest: string }, LightningAddressFailure>>;
