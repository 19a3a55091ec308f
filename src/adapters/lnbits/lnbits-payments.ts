import { err, ok, type Result } from "~/core/result";
import type { DecodeInvoice } from "~/ports/bolt11";
import type { LightningWallet, PaymentHash, PaymentStatus, PayOutcome, WalletFailure } from "~/ports/lightning-wallet";
import { type LnbitsConfig, payTimeoutOf } from "./lnbits-config";
import type { LnbitsHttp } from "./lnbits-http";
import { feeMsat, isIncoming, PaymentPage, type PaymentRow, reservedMsat, SinglePayment } from "./lnbits-shapes";
import { payOutcome } from "./pay-outcome";
import { readAnswer } from "./query-failure";

type Payments = Pick<LightningWallet, "pay" | "lookUpPayment">;

/** The half of the wallet that pays. An outcome that the answer does not prove is `unknown`, never a failure. */
export function lnbitsPayments(config: LnbitsConfig, http: LnbitsHttp, decodeInvoice: DecodeInvoice): Payments {
  const ask = { key: config.apiKey, timeoutMs: config.timeoutMs };

  async function pay(payment: Parameters<Payments["pay"]>[0]): Promise<PayOutcome> {
    const invoice = decodeInvoice(payment.paymentRequest);
    if (!invoice.ok) return { outcome: "failed", reason: "not a BOLT11 invoice" };
    if (invoice.value.paymentHash !== payment.paymentHash)
      return { outcome: "failed", reason: "the invoice has another hash" };
    // LNbits would pay an expired invoice of its own server.
    if (invoice.value.expiresAt.getTime() <= Date.now())
      return { outcome: "failed", reason: "the invoice has expired" };
    const body = { out: true, bolt11: invoice.value.paymentRequest, external_id: payment.reference };
    const reply = await http.call("POST", "/payments", { key: config.apiKey, body, timeoutMs: payTimeoutOf(config) });
    return payOutcome(reply, payment.paymentHash);
  }

  async function lookUpPayment(hash: PaymentHash): Promise<Result<PaymentStatus, WalletFailure>> {
    const reply = await http.call("GET", `/payments/${hash}`, ask);
    if (reply.kind === "answer" && reply.status !== 404) {
      const single = readAnswer(reply, SinglePayment);
      if (!single.ok) return single;
      if (single.value.details) return ok(statusOf(single.value.details));
    }
    if (reply.kind !== "answer") return err({ code: "walletDown", detail: reply.detail });
    // This question is answered without a valid key too, and then with "no such payment". To call a payment unknown on
    // the strength of a mistyped key would have it sent again, so the list is asked: it insists on the key.
    const query = new URLSearchParams({ payment_hash: hash });
    const page = readAnswer(await http.call("GET", `/payments/paginated?${query}`, ask), PaymentPage);
    if (!page.ok) return page;
    const outgoing = page.value.data.find((row) => row.payment_hash === hash && !isIncoming(row));
    return ok(outgoing ? statusOf(outgoing) : { state: "notFound" });
  }

  return { pay, lookUpPayment };
}

/** LNbits lists what went out before what came in, so that an incoming row means that nothing went out. */
function statusOf(row: PaymentRow): PaymentStatus {
  if (isIncoming(row)) return { state: "notFound" };
  if (row.status === "success") return { state: "paid", feeMsat: feeMsat(row) };
  if (row.status === "pending") return { state: "pending", reservedMsat: reservedMsat(row) };
  return { state: "failed", reason: "LNbits calls the payment failed" };
}
