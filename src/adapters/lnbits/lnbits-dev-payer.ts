import { createHash } from "node:crypto";
import { msat } from "~/core/money";
import { err, ok } from "~/core/result";
import type { DecodeInvoice } from "~/ports/bolt11";
import type { DevPayer } from "~/ports/lightning-wallet";
import type { LnbitsConfig } from "./lnbits-config";
import type { LnbitsHttp } from "./lnbits-http";
import { lnbitsPayments } from "./lnbits-payments";
import { PaidPreimage } from "./lnbits-shapes";
import { readAnswer } from "./query-failure";

/** Pays out of the developer's wallet where its key is set, else out of our own, which then has to be booked. */
export function lnbitsDevPayer(config: LnbitsConfig, http: LnbitsHttp, decodeInvoice: DecodeInvoice): DevPayer {
  const fromOwnWallet = config.devPayerKey === undefined;
  const purse: LnbitsConfig = { ...config, apiKey: config.devPayerKey ?? config.apiKey };
  const { pay, lookUpPayment } = lnbitsPayments(purse, http, decodeInvoice);

  return {
    async pay({ paymentHash, paymentRequest }) {
      const before = await lookUpPayment(paymentHash);
      if (!before.ok) return before;
      if (before.value.state !== "notFound") return err({ code: "invoiceNotPayable" });

      const outcome = await pay({ paymentHash, paymentRequest, reference: `dev-${paymentHash}` });
      if (outcome.outcome === "failed") return err({ code: "invoiceNotPayable" });
      if (outcome.outcome === "notSent") return err({ code: "walletRefused", detail: outcome.reason });
      const after = await lookUpPayment(paymentHash);
      if (!after.ok) return after;
      // Somebody else was faster: nothing of this wallet went out.
      if (after.value.state === "notFound" || after.value.state === "failed") return err({ code: "invoiceNotPayable" });
      if (after.value.state === "pending") return err({ code: "walletDown", detail: "the payment is still under way" });

      const reply = await http.call("GET", `/payments/${paymentHash}`, {
        key: purse.apiKey,
        timeoutMs: config.timeoutMs,
      });
      const paid = readAnswer(reply, PaidPreimage);
      if (!paid.ok) return paid;
      const { preimage } = paid.value;
      if (createHash("sha256").update(Buffer.from(preimage, "hex")).digest("hex") !== paymentHash) {
        return err({ code: "walletDown", detail: "LNbits named a preimage that does not fit" });
      }
      return ok({ preimage, fromOwnWallet, feeMsat: fromOwnWallet ? after.value.feeMsat : msat(0n) });
    },
  };
}
