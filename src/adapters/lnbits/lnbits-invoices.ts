import { toMsat, wireSats } from "~/core/money";
import { err, ok, type Result } from "~/core/result";
import type { DecodeInvoice } from "~/ports/bolt11";
import type {
  CreatedInvoice,
  InvoiceStatus,
  LightningWallet,
  NewInvoice,
  PaymentHash,
  WalletFailure,
} from "~/ports/lightning-wallet";
import { type LnbitsConfig, readingKeyOf } from "./lnbits-config";
import type { LnbitsHttp } from "./lnbits-http";
import { CreatedPayment, creditedMsat, isIncoming, PaymentPage, type PaymentRow, SinglePayment } from "./lnbits-shapes";
import { readAnswer } from "./query-failure";

/** Hashes in one question: 60 make a URL of 4 KB, which every server and proxy takes. */
const HASHES_PER_CALL = 60;

type Invoices = Pick<LightningWallet, "createInvoice" | "lookUpInvoice" | "lookUpInvoices">;
type Statuses = Map<PaymentHash, InvoiceStatus>;

/** The half of the wallet that is paid. LNbits makes invoices in sats and tells of them in msat. */
export function lnbitsInvoices(config: LnbitsConfig, http: LnbitsHttp, decodeInvoice: DecodeInvoice): Invoices {
  const ask = { key: readingKeyOf(config), timeoutMs: config.timeoutMs };

  async function createInvoice(invoice: NewInvoice): Promise<Result<CreatedInvoice, WalletFailure>> {
    const body = {
      out: false,
      unit: "sat",
      amount: wireSats(invoice.amountSats),
      memo: invoice.memo,
      expiry: invoice.expirySeconds,
      external_id: invoice.reference,
      ...(config.webhookUrl === undefined ? {} : { webhook: config.webhookUrl }),
    };
    const created = readAnswer(await http.call("POST", "/payments", { ...ask, body }), CreatedPayment);
    if (!created.ok) return created;
    // What the invoice itself says counts: it is what the payer's wallet reads.
    const signed = decodeInvoice(created.value.bolt11);
    const { payment_hash: paymentHash } = created.value;
    if (
      !signed.ok ||
      signed.value.paymentHash !== paymentHash ||
      signed.value.amountMsat !== toMsat(invoice.amountSats)
    ) {
      return err({ code: "walletDown", detail: "LNbits made another invoice than was asked for" });
    }
    return ok({ paymentHash, paymentRequest: created.value.bolt11, expiresAt: signed.value.expiresAt });
  }

  async function lookUpInvoice(hash: PaymentHash): Promise<Result<InvoiceStatus, WalletFailure>> {
    const reply = await http.call("GET", `/payments/${hash}`, ask);
    const row = reply.kind === "answer" ? SinglePayment.safeParse(reply.json).data?.details : undefined;
    if (row && isIncoming(row)) return ok(statusOf(row));
    const known = reply.kind === "answer" && [200, 404].includes(reply.status);
    if (!known) {
      const failure = readAnswer(reply, SinglePayment);
      return failure.ok
        ? err({ code: "walletDown", detail: "LNbits answered something else than was asked" })
        : failure;
    }
    // Unknown, hidden by a wrong key, or shadowed by our own payment of it: the list tells which.
    const listed = await list([hash]);
    if (!listed.ok) return listed;
    const incoming = listed.value.find(isIncoming);
    return ok(incoming ? statusOf(incoming) : { state: "unknown" });
  }

  /** Rows of these hashes, as LNbits has them in its books, its node unasked. */
  async function list(hashes: readonly PaymentHash[], recheck = false): Promise<Result<PaymentRow[], WalletFailure>> {
    const query = new URLSearchParams({ "payment_hash[in]": hashes.join(","), limit: "1000" });
    if (recheck) query.set("recheck_pending", "true");
    const page = readAnswer(await http.call("GET", `/payments/paginated?${query}`, ask), PaymentPage);
    return page.ok ? ok(page.value.data) : page;
  }

  async function lookUpInvoices(
    invoices: readonly { paymentHash: PaymentHash }[],
  ): Promise<Result<Statuses, WalletFailure>> {
    const statuses: Statuses = new Map();
    const note = (rows: readonly PaymentRow[]) => {
      for (const row of rows.filter(isIncoming)) statuses.set(row.payment_hash, statusOf(row));
    };
    for (const hashes of inBatches(invoices.map(({ paymentHash }) => paymentHash))) {
      const rows = await list(hashes);
      if (!rows.ok) return rows;
      note(rows.value);
      // LNbits notices an expiry only when it is asked to look again. For what has expired that costs its node nothing,
      // which is why open invoices are not rechecked: LNbits would hold up everything else while its node answers.
      const over = rows.value
        .filter(isIncoming)
        .filter(isOverdue)
        .map((row) => row.payment_hash);
      if (over.length === 0) continue;
      for (const hash of over) statuses.delete(hash);
      const rechecked = await list(over, true);
      if (!rechecked.ok) return rechecked;
      note(rechecked.value.filter((row) => !isOverdue(row)));
    }
    return ok(statuses);
  }

  return { createInvoice, lookUpInvoice, lookUpInvoices };
}

/**
 * LNbits calls an unpaid invoice `failed` once it was asked after the expiry. It also does so when its node has lost
 * it: over is only what the clock says is over, since until then nobody has told the payer.
 */
function statusOf(row: PaymentRow): InvoiceStatus {
  if (row.status === "success") return { state: "settled", creditedMsat: creditedMsat(row) };
  return { state: row.status === "failed" && isPastExpiry(row) ? "expired" : "open" };
}

const isOverdue = (row: PaymentRow) => row.status === "pending" && isPastExpiry(row);
const isPastExpiry = ({ expiry }: PaymentRow) => !expiry || utc(expiry) <= Date.now();

/** LNbits writes UTC, in some answers without saying so. */
const utc = (text: string) => Date.parse(/Z$|[+-]\d\d:\d\d$/.test(text) ? text : `${text}Z`);

function* inBatches<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < items.length; from += HASHES_PER_CALL) yield items.slice(from, from + HASHES_PER_CALL);
}
