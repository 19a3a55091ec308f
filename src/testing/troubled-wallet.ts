import { decodeInvoice } from "~/adapters/bolt11/decode-invoice";
import { type Msat, msat } from "~/core/money";
import { err, ok, type Result } from "~/core/result";
import type { LightningWallet, PaymentHash, PayOutcome, WalletFailure } from "~/ports/lightning-wallet";

export type WalletCall = "createInvoice" | "lookUpInvoice" | "lookUpInvoices" | "pay" | "lookUpPayment" | "balance";

/** What goes wrong with one call. */
export type Trouble =
  /** The caller hears nothing, and nothing was done. */
  | { kind: "timesOutBefore" }
  /** The caller hears nothing, and it was done all the same. */
  | { kind: "timesOutAfter" }
  /** Answers properly, once this is fulfilled. */
  | { kind: "slow"; until: Promise<unknown> }
  | { kind: "nonsense" }
  | { kind: "busy"; retryAfterSeconds: number }
  | { kind: "refused" };

/** What can go wrong with a payment alone. The first two leave it open until `letGo`. */
export type PayTrouble =
  | Trouble
  /** The node looks for a route: look-ups say `pending`, and the balance is short of it already. */
  | { kind: "pending" }
  /** The request hangs on its way: look-ups say `notFound`, and it may still arrive. */
  | { kind: "arrivesLate" }
  | { kind: "fails" };

type Payment = Parameters<LightningWallet["pay"]>[0];
type Held = { payment: Payment; says: "pending" | "notFound"; amountMsat: Msat };

export type TroubledWallet = LightningWallet & {
  /** The next calls of this kind, one trouble each, in this order. */
  next(call: "pay", ...troubles: PayTrouble[]): void;
  next(call: WalletCall, ...troubles: Trouble[]): void;
  /** Until `up`. `silent`: requests time out; else the connection is refused. Settlements are not heard either. */
  down(how?: "refusing" | "silent"): void;
  up(): void;
  /** Settlements are no longer told, and the feed claims to be well, as with a lost webhook. */
  loseHints(lost: boolean): void;
  /** One look-up of this invoice says that it is over, though a payment may still come: Lightning can settle late. */
  sayExpiredOnce(hash: PaymentHash): void;
  /** Ends a held payment: it goes out now, or it has failed for good. */
  letGo(hash: PaymentHash, end: "goesOut" | "fails"): Promise<void>;
  /** Every call so far. */
  readonly calls: readonly { call: WalletCall; hash?: PaymentHash }[];
};

const DOWN: WalletFailure = { code: "walletDown", detail: "scripted: no connection" };
const SILENT: WalletFailure = { code: "walletDown", detail: "scripted: timed out" };

/** Any wallet, with trouble on order: what the wallet did and what its caller hears of it are told apart. */
export function troubledWallet(inner: LightningWallet): TroubledWallet {
  const calls: { call: WalletCall; hash?: PaymentHash }[] = [];
  const script = new Map<WalletCall, PayTrouble[]>();
  const held = new Map<PaymentHash, Held>();
  const failed = new Set<PaymentHash>();
  const expired = new Set<PaymentHash>();
  let outage: "refusing" | "silent" | null = null;
  let hintsLost = false;

  function begin(call: WalletCall, hash?: PaymentHash): PayTrouble | undefined {
    calls.push({ call, ...(hash === undefined ? {} : { hash }) });
    return outage ? undefined : script.get(call)?.shift();
  }

  async function ask<T>(
    call: WalletCall,
    question: () => Promise<Result<T, WalletFailure>>,
    hash?: PaymentHash,
  ): Promise<Result<T, WalletFailure>> {
    const trouble = begin(call, hash);
    if (outage) return err(outage === "silent" ? SILENT : DOWN);
    if (!trouble) return question();
    switch (trouble.kind) {
      case "timesOutBefore":
        return err(SILENT);
      case "timesOutAfter":
        await question();
        return err(SILENT);
      case "slow":
        await trouble.until;
        return question();
      case "nonsense":
        return err({ code: "walletDown", detail: "scripted: nonsense" });
      case "busy":
        return err({ code: "walletBusy", detail: "scripted: busy", retryAfterSeconds: trouble.retryAfterSeconds });
      case "refused":
        return err({ code: "walletRefused", detail: "scripted: refused" });
      default:
        throw new Error(`${call} knows no trouble ${trouble.kind}`);
    }
  }

  async function pay(payment: Payment): Promise<PayOutcome> {
    const { paymentHash } = payment;
    const trouble = begin("pay", paymentHash);
    if (outage === "silent") return { outcome: "unknown", reason: SILENT.detail };
    if (outage) return { outcome: "notSent", reason: DOWN.detail };
    const before = held.get(paymentHash);
    if (before) return { outcome: "unknown", reason: `scripted: an earlier attempt is ${before.says}` };
    if (!trouble) return inner.pay(payment);
    switch (trouble.kind) {
      case "timesOutBefore":
        return { outcome: "unknown", reason: SILENT.detail };
      case "timesOutAfter":
        await inner.pay(payment);
        return { outcome: "unknown", reason: SILENT.detail };
      case "slow":
        await trouble.until;
        return inner.pay(payment);
      case "nonsense":
        return { outcome: "unknown", reason: "scripted: nonsense" };
      case "busy":
      case "refused":
        return { outcome: "notSent", reason: `scripted: ${trouble.kind}` };
      case "pending":
      case "arrivesLate": {
        const says = trouble.kind === "pending" ? "pending" : "notFound";
        held.set(paymentHash, { payment, says, amountMsat: amountOf(payment) });
        return { outcome: "unknown", reason: `scripted: ${trouble.kind}` };
      }
      case "fails":
        failed.add(paymentHash);
        return { outcome: "failed", reason: "scripted: no route" };
    }
  }

  async function lookUpInvoice(hash: PaymentHash) {
    return ask("lookUpInvoice", () => saidOf(hash, () => inner.lookUpInvoice(hash)), hash);
  }
  async function saidOf<T>(hash: PaymentHash, question: () => Promise<T>) {
    return expired.delete(hash) ? ok({ state: "expired" } as const) : question();
  }

  return {
    kind: inner.kind,
    calls,
    createInvoice: (invoice) => ask("createInvoice", () => inner.createInvoice(invoice)),
    lookUpInvoice,
    lookUpInvoices: (invoices) =>
      ask("lookUpInvoices", async () => {
        const found = await inner.lookUpInvoices(invoices);
        if (!found.ok) return found;
        const said = new Map(found.value);
        for (const hash of said.keys()) if (expired.delete(hash)) said.set(hash, { state: "expired" });
        return ok(said);
      }),
    pay,
    lookUpPayment: (hash) =>
      ask(
        "lookUpPayment",
        async () => {
          const waiting = held.get(hash);
          if (waiting?.says === "pending") return ok({ state: "pending", reservedMsat: waiting.amountMsat });
          if (waiting) return ok({ state: "notFound" });
          if (failed.has(hash)) return ok({ state: "failed", reason: "scripted: no route" });
          return inner.lookUpPayment(hash);
        },
        hash,
      ),
    balance: () =>
      ask("balance", async () => {
        const balance = await inner.balance();
        if (!balance.ok) return balance;
        const pending = [...held.values()].filter(({ says }) => says === "pending");
        return ok(msat(pending.reduce((left, { amountMsat }) => left - amountMsat, balance.value as bigint)));
      }),
    followSettlements(hint) {
      const feed = inner.followSettlements((hash) => {
        if (!outage && !hintsLost) hint(hash);
      });
      return { healthy: () => !outage && feed.healthy(), stop: feed.stop };
    },
    next(call: WalletCall, ...troubles: PayTrouble[]) {
      script.set(call, [...(script.get(call) ?? []), ...troubles]);
    },
    down(how = "refusing") {
      outage = how;
    },
    up() {
      outage = null;
    },
    loseHints(lost) {
      hintsLost = lost;
    },
    sayExpiredOnce: (hash) => void expired.add(hash),
    async letGo(hash, end) {
      const waiting = held.get(hash);
      if (!waiting) throw new Error("no such payment is held");
      if (end === "goesOut") {
        const { outcome } = await inner.pay(waiting.payment);
        if (outcome !== "paid") throw new Error(`the held payment was ${outcome}`);
      } else failed.add(hash);
      held.delete(hash);
    },
  };
}

function amountOf({ paymentRequest }: Payment): Msat {
  const invoice = decodeInvoice(paymentRequest);
  if (!invoice.ok || invoice.value.amountMsat === null) throw new Error("only an invoice with an amount can be held");
  return invoice.value.amountMsat;
}
