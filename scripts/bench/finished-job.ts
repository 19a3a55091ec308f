import { randomBytes, randomUUID } from "node:crypto";

/** The rows of one finished job, table by table, each a value per column of COLUMNS. Null is SQL's NULL. */
export type Rows = Record<Table, (string | number | null)[][]>;

export const COLUMNS = {
  job: "id, state, request, client_key, created_at, state_changed_at, event_seq, attempt, eval_fee_sats, quote, actual, result, reason, error_message",
  job_event: "job_id, seq, type, data, created_at",
  invoice:
    "payment_hash, order_kind, order_id, purpose, payment_request, amount_sats, state, created_at, expires_at, credited_msat, settled_at, looked_up_at, checks",
  payout:
    "id, order_kind, order_id, method, target, payment_request, payment_hash, amount_sats, expires_at, state, created_at, sent_at, settled_at, sends, fee_msat",
  ledger_transfer: "event_key, line, debit_kind, debit_owner, credit_kind, credit_owner, amount_msat, posted_at",
  ledger_account: "kind, owner, balance_msat",
} as const;
export type Table = keyof typeof COLUMNS;
export const TABLES = Object.keys(COLUMNS) as Table[];

const EVAL_SATS = 10;
const WORK_SATS = 50;
const CHARGED_SATS = 31;
/** Older than an hour, so that no cap counts its payout; younger than the day on which texts are deleted. */
const YOUNGEST_DAYS = 1;
const OLDEST_DAYS = 60;
const DAY_MS = 86_400_000;

const RATES = { inputUsdPerMtok: 2, outputUsdPerMtok: 10 };
const PRICE = { infraUsd: 0.012, marginPct: 25, btcPriceUsd: 100_000 };
const QUOTE = JSON.stringify({
  estimatedInputTokens: 620,
  estimatedOutputTokens: 2048,
  maxTokens: 2048,
  estimatedCostUsd: 0.0277,
  ...PRICE,
  quoteSats: String(WORK_SATS),
  terms: { rates: { judge: RATES, work: RATES }, ...PRICE },
});
const ACTUAL = JSON.stringify({
  inputTokens: 410,
  outputTokens: 933,
  costUsd: 0.0102,
  amountSats: String(CHARGED_SATS),
  workAmountSats: String(WORK_SATS),
});
const RESULT = "Coins upon the shelf, counted twice by candlelight, the owl counts them too. ".repeat(8);

/** The ends that jobs came to: of ten, seven complete, one rejected, one failed, one never paid for. */
export type End = "complete" | "rejected" | "failed" | "expired";
export const endOf = (index: number): End => (["rejected", "failed", "expired"] as const)[index % 10] ?? "complete";

/** What the wallet keeps of a job that came to this end, sats. */
export const keptSats = (end: End): number =>
  ({ complete: EVAL_SATS + CHARGED_SATS, rejected: EVAL_SATS, failed: EVAL_SATS, expired: 0 })[end];

/** Adds a job as the app leaves it when all is done: its change paid out, every account of it empty. */
export function addFinishedJob(rows: Rows, end: End): string {
  const id = randomUUID();
  const at = timestamps();
  const worked = end === "complete" || end === "failed";
  const change = end === "complete" ? WORK_SATS - CHARGED_SATS : WORK_SATS;
  const events = end === "expired" ? 2 : end === "rejected" ? 3 : 7;

  rows.job.push([
    id,
    end,
    "Write a haiku about a wizard who counts every coin",
    randomBytes(16).toString("hex"),
    at(0),
    at(90),
    events,
    end === "expired" ? 0 : worked ? 2 : 1,
    EVAL_SATS,
    worked ? QUOTE : null,
    end === "complete" ? ACTUAL : null,
    end === "complete" ? RESULT : null,
    end === "rejected" ? "Timmy does not help with counterfeits." : null,
    end === "failed" ? "The work could not be done. What you paid for it is owed to you." : null,
  ]);
  for (let seq = 1; seq <= events; seq += 1) rows.job_event.push([id, seq, "state", "{}", at(seq * 10)]);

  const post = (key: string, line: number, debit: string, credit: string, sats: number) =>
    rows.ledger_transfer.push([key, line, debit, ownerOf(debit, id), credit, ownerOf(credit, id), sats * 1000, at(60)]);
  const invoice = (purpose: string, sats: number, paid: boolean) => {
    const hash = randomHash();
    rows.invoice.push([
      ...[hash, "job", id, purpose, paymentRequest(hash), sats, paid ? "settled" : "expired", at(0), at(600)],
      ...[paid ? sats * 1000 : null, paid ? at(20) : null, at(20), 2],
    ]);
    if (paid) post(`settled:${hash}`, 1, "wallet", "escrow", sats);
  };

  invoice("eval", EVAL_SATS, end !== "expired");
  if (end === "expired") return id;
  post(`job:${id}:judged`, 1, "escrow", "revenue", EVAL_SATS);
  rows.ledger_account.push(["escrow", id, 0]);
  if (!worked) return id;

  invoice("work", WORK_SATS, true);
  const step = `job:${id}:work-${end === "complete" ? "done" : "failed"}`;
  if (end === "complete") post(step, 1, "escrow", "revenue", CHARGED_SATS);
  post(step, end === "complete" ? 2 : 1, "escrow", "owed", change);
  const payout = randomUUID();
  const hash = randomHash();
  rows.payout.push([
    ...[payout, "job", id, "invoice", paymentRequest(hash), paymentRequest(hash), hash, change, at(700)],
    ...["paid", at(70), at(71), at(72), 1, 0],
  ]);
  post(`payout:${payout}:started`, 1, "owed", "in_flight", change);
  post(`payout:${payout}:paid`, 1, "in_flight", "wallet", change);
  rows.ledger_account.push(["owed", id, 0], ["in_flight", id, 0]);
  return id;
}

const WITH_OWNER = new Set(["escrow", "owed", "in_flight"]);
const ownerOf = (kind: string, id: string) => (WITH_OWNER.has(kind) ? id : "");
const randomHash = () => randomBytes(32).toString("hex");
/** As long as a real one. Nobody decodes what is finished. */
const paymentRequest = (hash: string) => `lnbcrt100n1${hash}${hash}${hash}${hash}`;

/** The moments of one job's life, so many seconds after its beginning. */
function timestamps(): (seconds: number) => string {
  const days = YOUNGEST_DAYS + Math.random() * (OLDEST_DAYS - YOUNGEST_DAYS);
  const began = Date.now() - days * DAY_MS;
  return (seconds) => new Date(began + seconds * 1000).toISOString();
}
