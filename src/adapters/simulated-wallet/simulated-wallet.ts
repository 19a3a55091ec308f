import { createHash, createHmac, randomBytes } from "node:crypto";
import { msat, type Sats, toMsat, ZERO_SATS } from "~/core/money";
import { err, ok, type Result } from "~/core/result";
import type { DecodeInvoice } from "~/ports/bolt11";
import type { Clock } from "~/ports/clock";
import type {
  DevPayer,
  InvoiceStatus,
  LightningWallet,
  NewInvoice,
  PayOutcome,
  WalletFailure,
} from "~/ports/lightning-wallet";
import { signInvoice } from "../bolt11/sign-invoice";
import type { KeptInvoice, PayingResult, SimulatedWalletStore } from "./store";

export type SimulatedWalletParts = {
  store: SimulatedWalletStore;
  clock: Clock;
  decodeInvoice: DecodeInvoice;
  /** The key that signs invoices is derived from it, so that every process signs as the same node. */
  secret: string;
  /** What the wallet holds when it is first made. */
  openingSats?: Sats;
};

const NETWORK = "bcrt";
const NO_FEE = msat(0n);

/**
 * A wallet that needs no server: genuine BOLT11 for regtest, real preimages, and money that is kept in the database.
 * It pays any regtest invoice out of what it was paid.
 */
export function simulatedWallet(parts: SimulatedWalletParts): LightningWallet & { devPayer: DevPayer } {
  const { store, clock, decodeInvoice } = parts;
  const privateKey = createHmac("sha256", parts.secret).update("simulated wallet: node key").digest("hex");
  let opened: Promise<void> | undefined;

  /** Runs a question to the store on an open wallet. A database that does not answer is a wallet that is down. */
  async function ask<T>(question: () => Promise<T>): Promise<Result<T, WalletFailure>> {
    try {
      opened ??= store.open(toMsat(parts.openingSats ?? ZERO_SATS));
      await opened;
    } catch (error) {
      opened = undefined;
      return err({ code: "walletDown", detail: `the simulated wallet cannot be opened: ${messageOf(error)}` });
    }
    try {
      return ok(await question());
    } catch (error) {
      return err({ code: "walletDown", detail: `the simulated wallet does not answer: ${messageOf(error)}` });
    }
  }

  async function createInvoice({ amountSats, memo, expirySeconds, reference }: NewInvoice) {
    const preimage = randomBytes(32);
    const paymentHash = createHash("sha256").update(preimage).digest("hex");
    const createdAt = wholeSeconds(clock.now());
    const expiresAt = new Date(createdAt.getTime() + expirySeconds * 1000);
    const amountMsat = toMsat(amountSats);
    const paymentRequest = signInvoice({
      network: NETWORK,
      amountMsat,
      paymentHash,
      paymentSecret: randomBytes(32).toString("hex"),
      description: memo,
      createdAt,
      expirySeconds,
      privateKey,
    });
    const kept = {
      paymentHash,
      preimage: preimage.toString("hex"),
      paymentRequest,
      amountMsat,
      reference,
      createdAt,
      expiresAt,
    };
    const added = await ask(() => store.addInvoice(kept));
    return added.ok ? ok({ paymentHash, paymentRequest, expiresAt }) : added;
  }

  async function lookUpInvoices(hashes: readonly string[]) {
    const known = await ask(() => store.readInvoices(hashes, clock.now()));
    if (!known.ok) return known;
    const statuses = new Map<string, InvoiceStatus>(hashes.map((hash) => [hash, { state: "unknown" }]));
    for (const invoice of known.value) statuses.set(invoice.paymentHash, statusOf(invoice));
    return ok(statuses);
  }

  return {
    kind: "simulated",
    createInvoice,
    async lookUpInvoice(hash) {
      const found = await lookUpInvoices([hash]);
      return found.ok ? ok(found.value.get(hash) ?? { state: "unknown" }) : found;
    },
    lookUpInvoices: (invoices) => lookUpInvoices(invoices.map(({ paymentHash }) => paymentHash)),
    async pay({ paymentRequest, paymentHash, reference }) {
      const invoice = decodeInvoice(paymentRequest);
      if (!invoice.ok) return { outcome: "failed", reason: "not a BOLT11 invoice" };
      const { network, amountMsat, expiresAt } = invoice.value;
      const now = clock.now();
      if (invoice.value.paymentHash !== paymentHash)
        return { outcome: "failed", reason: "the invoice has another hash" };
      if (network !== NETWORK) return { outcome: "failed", reason: `the invoice is of the network ${network}` };
      if (amountMsat === null) return { outcome: "failed", reason: "the invoice names no amount" };
      if (expiresAt <= now) return { outcome: "failed", reason: "the invoice has expired" };

      const payment = { paymentHash, paymentRequest: invoice.value.paymentRequest, amountMsat, reference };
      const done = await ask(() => store.pay(payment, now));
      // The database may have committed before it fell silent.
      return done.ok ? OUTCOMES[done.value] : { outcome: "unknown", reason: done.error.detail };
    },
    async lookUpPayment(hash) {
      const found = await ask(() => store.readPayment(hash));
      if (!found.ok) return found;
      return ok(found.value ? { state: "paid", feeMsat: found.value.feeMsat } : { state: "notFound" });
    },
    balance: () => ask(() => store.readBalance()),
    followSettlements: (hint) => store.listen(hint),
    devPayer: {
      async pay({ paymentHash }) {
        const settled = await ask(() => store.settle(paymentHash, clock.now()));
        if (!settled.ok) return settled;
        if (!settled.value) return err({ code: "invoiceNotPayable" });
        return ok({ preimage: settled.value.preimage, fromOwnWallet: false, feeMsat: NO_FEE });
      },
    },
  };
}

/** What was paid before is looked up, not judged here: it may have been this very payment, asked for twice. */
const OUTCOMES = {
  paid: { outcome: "paid", feeMsat: NO_FEE },
  alreadyPaid: { outcome: "unknown", reason: "this hash was paid before" },
  notPayable: { outcome: "failed", reason: "the invoice is settled or over" },
  insufficient: { outcome: "notSent", reason: "the balance is too small" },
} as const satisfies Record<PayingResult, PayOutcome>;

const statusOf = ({ state, amountMsat }: KeptInvoice): InvoiceStatus =>
  state === "settled" ? { state, creditedMsat: amountMsat } : { state };

/** BOLT11 counts whole seconds, and what is kept must agree with what is signed. */
const wholeSeconds = (time: Date) => new Date(Math.floor(time.getTime() / 1000) * 1000);

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
