import type { Sats } from "~/core/money";
import type { Result } from "~/core/result";

export type LightningAddressFailure =
  | { code: "addressUnusable"; detail: string }
  | { code: "addressAmountOutOfRange"; minSats: Sats; maxSats: Sats }
  | { code: "addressUnreachable"; detail: string };

/** Asks a Lightning address (LUD-16) for an invoice of exactly this amount. */
export type ResolveLightningAddress = (
  address: string,
  amountSats: Sats,
) => Promise<Result<{ paymentRequest: string }, LightningAddressFailure>>;
