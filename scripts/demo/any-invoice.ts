import { createHash, randomBytes } from "node:crypto";
import { signInvoice } from "~/adapters/bolt11/sign-invoice";
import { msat } from "~/core/money";

/** An invoice as a visitor's own wallet would make it. */
export const anyInvoice = (amountSats: number): string =>
  signInvoice({
    network: "bcrt",
    amountMsat: msat(BigInt(amountSats) * 1000n),
    paymentHash: createHash("sha256").update(randomBytes(32)).digest("hex"),
    paymentSecret: randomBytes(32).toString("hex"),
    description: "my change",
    createdAt: new Date(),
    expirySeconds: 3600,
    privateKey: randomBytes(32).toString("hex"),
  });
