import { createHash, randomBytes } from "node:crypto";
import { type Sats, toMsat } from "~/core/money";
import { signInvoice } from "../bolt11/sign-invoice";

const EXPIRY_SECONDS = 3600;

/**
 * An invoice of a wallet that nobody has: genuine BOLT11 (`lnbcrt…`), for a visitor in play money who wants to see
 * change come back. The node and the preimage are forgotten at once.
 */
export function playInvoice(amountSats: Sats, createdAt: Date): string {
  return signInvoice({
    network: "bcrt",
    amountMsat: toMsat(amountSats),
    paymentHash: createHash("sha256").update(randomBytes(32)).digest("hex"),
    paymentSecret: randomBytes(32).toString("hex"),
    description: "Play money",
    createdAt,
    expirySeconds: EXPIRY_SECONDS,
    privateKey: randomBytes(32).toString("hex"),
  });
}
