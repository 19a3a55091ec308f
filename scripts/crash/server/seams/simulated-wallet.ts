import { type SimulatedWalletParts, simulatedWallet as wallet } from "~/adapters/simulated-wallet/simulated-wallet";
import { msat } from "~/core/money";
import { err, ok } from "~/core/result";
import type { DevPayer, LightningWallet, PayOutcome } from "~/ports/lightning-wallet";
import { paysFromOwnWallet } from "../../outside/trouble";
import { troubleStore } from "../../outside/trouble-store";
import { caller } from "../caller";
import { outside } from "../commits";
import { reach } from "../reach";

/** The simulated wallet with the trouble that the driver ordered; each call of it is a point, by who calls. */
export function simulatedWallet(parts: SimulatedWalletParts): LightningWallet & { devPayer: DevPayer } {
  const inner = wallet(parts);
  const trouble = outside(() => troubleStore(process.env.DATABASE_URL ?? ""));

  async function call<T>(name: string, act: (point: string) => Promise<T>): Promise<T> {
    const point = `wallet.${name} in ${caller() ?? "nobody"}`;
    reach(point, "before");
    const answer = await outside(() => act(point));
    reach(point, "after");
    return answer;
  }

  async function pay(payment: Parameters<LightningWallet["pay"]>[0]): Promise<PayOutcome> {
    const { paymentHash } = payment;
    if (await trouble.waiting(paymentHash)) return { outcome: "unknown", reason: "an earlier request is on its way" };
    switch (await trouble.take(paymentHash)) {
      case undefined:
        return inner.pay(payment);
      case "actsThenSilent":
        await inner.pay(payment);
        return { outcome: "unknown", reason: "no answer came" };
      case "lost":
        return { outcome: "unknown", reason: "no answer came" };
      case "late":
        await trouble.setOut(payment, "notFound");
        return { outcome: "unknown", reason: "no answer came" };
      case "pending":
        await trouble.setOut(payment, "pending");
        return { outcome: "unknown", reason: "no answer came" };
      case "fails":
        await trouble.markFailed(paymentHash);
        return { outcome: "failed", reason: "no route" };
      default:
        return { outcome: "notSent", reason: "busy" };
    }
  }

  return {
    kind: inner.kind,
    createInvoice: (invoice) =>
      call("createInvoice", async (point) =>
        (await trouble.take(point)) ? err({ code: "walletDown", detail: "no answer" }) : inner.createInvoice(invoice),
      ),
    lookUpInvoice: (hash) => call("lookUpInvoice", () => inner.lookUpInvoice(hash)),
    lookUpInvoices: (invoices) => call("lookUpInvoices", () => inner.lookUpInvoices(invoices)),
    pay: (payment) => call("pay", () => pay(payment)),
    lookUpPayment: (hash) =>
      call("lookUpPayment", async (point) => {
        if (await trouble.take(point)) return err({ code: "walletDown", detail: "no answer" });
        const said = await trouble.said(hash);
        if (said === "pending") return ok({ state: "pending", reservedMsat: msat(0n) });
        return said === "failed" ? ok({ state: "failed", reason: "no route" }) : inner.lookUpPayment(hash);
      }),
    balance: () => call("balance", () => inner.balance()),
    followSettlements: inner.followSettlements,
    devPayer: {
      pay: (invoice) =>
        call("devPayer.pay", async () => {
          if (!paysFromOwnWallet(invoice.paymentHash)) return inner.devPayer.pay(invoice);
          const paid = await inner.pay({ ...invoice, reference: "dev pay" });
          const preimage = await trouble.preimage(invoice.paymentHash);
          if (paid.outcome === "paid") return ok({ preimage, fromOwnWallet: true, feeMsat: paid.feeMsat });
          return err({ code: "invoiceNotPayable" });
        }),
    },
  };
}
