import { z } from "zod";
import { creditSats, msat, type Sats, sats } from "~/core/money";
import type { Database } from "~/db/client";
import type { JobState } from "./job";
import { type JobActual, type JobQuote, parseActual, parseQuote } from "./job-records";

export type InvoiceRow = {
  paymentHash: string;
  paymentRequest: string;
  amountSats: Sats;
  expiresAt: Date;
  state: string;
  lookedUpAt: Date | null;
};

/** A job with all that its view is made of, of one snapshot. */
export type JobRecord = {
  id: string;
  state: JobState;
  createdAt: Date;
  stateChangedAt: Date;
  eventSeq: number;
  request: string | null;
  quote: JobQuote | null;
  actual: JobActual | null;
  result: string | null;
  truncated: boolean;
  reason: string | null;
  errorMessage: string | null;
  owedSats: Sats;
  eval: InvoiceRow | null;
  work: InvoiceRow | null;
  payout: { state: string; method: string; amountSats: Sats } | null;
};

// One prepared join: the hottest read of the service.
const READ_JOB = {
  name: "read-job",
  text: `
    SELECT j.id, j.state, j.created_at, j.state_changed_at, j.event_seq, j.request, j.quote, j.actual, j.result,
      j.truncated, j.reason, j.error_message,
      coalesce(o.balance_msat, 0) + coalesce(f.balance_msat, 0) AS owed_msat,
      e.payment_hash AS e_hash, e.payment_request AS e_request, e.amount_sats AS e_sats, e.expires_at AS e_expires,
      e.state AS e_state, e.looked_up_at AS e_looked,
      w.payment_hash AS w_hash, w.payment_request AS w_request, w.amount_sats AS w_sats, w.expires_at AS w_expires,
      w.state AS w_state, w.looked_up_at AS w_looked,
      p.state AS p_state, p.method AS p_method, p.amount_sats AS p_sats
    FROM job j
    LEFT JOIN invoice e ON e.order_id = j.id AND e.purpose = 'eval'
    LEFT JOIN invoice w ON w.order_id = j.id AND w.purpose = 'work'
    LEFT JOIN ledger_account o ON o.kind = 'owed' AND o.owner = j.id::text
    LEFT JOIN ledger_account f ON f.kind = 'in_flight' AND f.owner = j.id::text
    LEFT JOIN LATERAL (SELECT state, method, amount_sats FROM payout WHERE order_id = j.id ORDER BY created_at DESC LIMIT 1) p ON true
    WHERE j.id = $1`,
} as const;

/** bigint columns come as decimal text from pg. */
type Row = Record<string, unknown> & { id: string; state: JobState };
type Text = string | null;

export async function readJobRecord(db: Database, id: string): Promise<JobRecord | null> {
  const { rows } = await db.pool.query<Row>({ ...READ_JOB, values: [id] });
  const row = rows[0];
  if (!row) return null;
  return {
    id: row.id,
    state: row.state,
    createdAt: row["created_at"] as Date,
    stateChangedAt: row["state_changed_at"] as Date,
    eventSeq: row["event_seq"] as number,
    request: row["request"] as Text,
    quote: parseQuote(row["quote"]),
    actual: parseActual(row["actual"]),
    result: row["result"] as Text,
    truncated: row["truncated"] as boolean,
    reason: row["reason"] as Text,
    errorMessage: row["error_message"] as Text,
    owedSats: creditSats(msat(BigInt(row["owed_msat"] as string))),
    eval: invoiceOf(row, "e"),
    work: invoiceOf(row, "w"),
    payout:
      row["p_state"] === null
        ? null
        : { state: row["p_state"] as string, method: row["p_method"] as string, amountSats: satsOf(row["p_sats"]) },
  };
}

function invoiceOf(row: Row, prefix: "e" | "w"): InvoiceRow | null {
  const paymentHash = row[`${prefix}_hash`] as Text;
  if (paymentHash === null) return null;
  return {
    paymentHash,
    paymentRequest: row[`${prefix}_request`] as string,
    amountSats: satsOf(row[`${prefix}_sats`]),
    expiresAt: row[`${prefix}_expires`] as Date,
    state: row[`${prefix}_state`] as string,
    lookedUpAt: row[`${prefix}_looked`] as Date | null,
  };
}

const satsOf = (column: unknown): Sats => sats(BigInt(column as string));

export type EventRow = { seq: number; type: "state" | "restart" | "delta"; text: string };

const READ_EVENTS = {
  name: "read-job-events",
  text: "SELECT seq, type, data FROM job_event WHERE job_id = $1 AND seq > $2 ORDER BY seq LIMIT 500",
} as const;
const EventRows = z.array(
  z.object({
    seq: z.int(),
    type: z.enum(["state", "restart", "delta"]),
    data: z.object({ text: z.string().optional() }),
  }),
);

export async function readEvents(db: Database, jobId: string, after: number): Promise<EventRow[]> {
  const { rows } = await db.pool.query({ ...READ_EVENTS, values: [jobId, after] });
  return EventRows.parse(rows).map(({ seq, type, data }) => ({ seq, type, text: data.text ?? "" }));
}

/** Where a new watcher begins: at the last change of state or restart, so that it gets every piece since. */
export async function lastLandmark(db: Database, jobId: string): Promise<number> {
  const { rows } = await db.pool.query<{ seq: number | null }>({
    name: "last-job-landmark",
    text: "SELECT max(seq) AS seq FROM job_event WHERE job_id = $1 AND type <> 'delta'",
    values: [jobId],
  });
  return rows[0]?.seq ?? 0;
}
