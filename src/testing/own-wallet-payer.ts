import { msat } from "~/core/money";
import { err, ok } from "~/core/result";
import type { DevPayer, LightningWallet } from "~/ports/lightning-wallet";

/** The dev route where the only wallet at hand is our own: it pays its own invoice, as on LNbits without a payer's key. */
export const ownWalletPayer = (wallet: LightningWallet): DevPayer => ({
  async pay({ paymentHash, paymentRequest }) {
    const paid = await wallet.pay({ paymentHash, paymentRequest, reference: "dev" });
    if (paid.outcome === "unknown") return err({ code: "walletDown", detail: paid.reason });
    if (paid.outcome !== "paid") return err({ code: "invoiceNotPayable" });
    return ok({ preimage: "00".repeat(32), fromOwnWallet: true, feeMsat: msat(0n) });
  },
});
