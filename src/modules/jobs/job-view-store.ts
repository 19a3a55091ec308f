import { z } from "zod";
import { creditSats, msat, type Sats, sats } from "~/core/money";
import type { Database } from "~/db/client";
import { readTogether } from "~/db/read-together";
import type { InvoiceState } from "~/modules/invoices/invoice";
import type { PayoutMethod, PayoutState, ShownPayout } from "~/modules/payouts/payout";
import { parseQuote, type QuoteRecord } from "~/modules/pricing/quote-schema";
import type { Score } from "~/modules/trust/trust";
import type { JobState } from "./job";
import { type JobActual, parseActual } from "./job-records";

export type InvoiceRow = {
  paymentHash: string;
  paymentRequest: string;
  amountSats: Sats;
  expiresAt: Date;
  state: InvoiceState;
  lookedUpAt: Date | null;
};

/** A job with all that its view is made of, of one snapshot. */
export type JobRecord = {
  id: string;
  state: JobState;
  createdAt: Date;
  stateChangedAt: Date;
  eventSeq: number;
  /** Of the identity that ordered it; null for anonymous visitors. */
  score: Score | null;
  request: string | null;
  quote: QuoteRecord | null;
  actual: JobActual | null;
  result: string | null;
  truncated: boolean;
  reason: string | null;
  errorMessage: string | null;
  owedSats: Sats;
  eval: InvoiceRow | null;
  work: InvoiceRow | null;
  payout: ShownPayout | null;
};

// One prepared join, for one job or several: the hottest read of the service. The subquery hides from the planner how
// many there are, so that it keeps one plan for all numbers; for a single one it would plan again each time.
const READ_JOBS = {
  name: "read-jobs",
  text: `
    SELECT j.id, j.state, j.created_at, j.state_changed_at, j.event_seq, j.request, j.quote, j.actual, j.result,
      j.truncated, j.reason, j.error_message, i.score, i.last_seen_at,
      coalesce(o.balance_msat, 0) + coalesce(f.balance_msat, 0) AS owed_msat,
      e.payment_hash AS e_hash, e.payment_request AS e_request, e.amount_sats AS e_sats, e.expires_at AS e_expires,
      e.state AS e_state, e.looked_up_at AS e_looked,
      w.payment_hash AS w_hash, w.payment_request AS w_request, w.amount_sats AS w_sats, w.expires_at AS w_expires,
      w.state AS w_state, w.looked_up_at AS w_looked,
      p.state AS p_state, p.method AS p_method, p.amount_sats AS p_sats
    FROM job j
    LEFT JOIN identity i ON i.pubkey = j.pubkey
    LEFT JOIN invoice e ON e.order_id = j.id AND e.purpose = 'eval'
    LEFT JOIN invoice w ON w.order_id = j.id AND w.purpose = 'work'
    LEFT JOIN ledger_account o ON o.kind = 'owed' AND o.owner = j.id::text
    LEFT JOIN ledger_account f ON f.kind = 'in_flight' AND f.owner = j.id::text
    LEFT JOIN LATERAL (SELECT state, method, amount_sats FROM payout WHERE order_id = j.id ORDER BY created_at DESC LIMIT 1) p ON true
    WHERE j.id = ANY ((SELECT $1::uuid[])::uuid[])`,
} as const;

/** As pg delivers it: bigint columns come as decimal text. */
type Row = {
  id: string;
  state: JobState;
  created_at: Date;
  state_changed_at: Date;
  event_seq: number;
  request: string | null;
  quote: unknown;
  actual: unknown;
  result: string | null;
  truncated: boolean;
  reason: string | null;
  error_message: string | null;
  owed_msat: string;
} & ({ score: null } | { score: number; last_seen_at: Date }) &
  InvoiceColumns<"e"> &
  InvoiceColumns<"w"> &
  ({ p_state: null } | { p_state: PayoutState; p_method: PayoutMethod; p_sats: string });

type InvoiceColumns<P extends string> = Record<`${P}_hash`, string | null> &
  Record<`${P}_request` | `${P}_sats`, string> &
  Record<`${P}_state`, InvoiceState> &
  Record<`${P}_expires`, Date> &
  Record<`${P}_looked`, Date | null>;

/** Reads jobs as they stand, those that are asked for at the same moment together. */
export function jobReader(db: Database): (id: string) => Promise<JobRecord | null> {
  const readRow = readTogether(async (ids) => (await db.pool.query<Row>({ ...READ_JOBS, values: [ids] })).rows);
  return async (id) => {
    const row = await readRow(id);
    return row && recordOf(row);
  };
}

const recordOf = (row: Row): JobRecord => ({
  id: row.id,
  state: row.state,
  createdAt: row.created_at,
  stateChangedAt: row.state_changed_at,
  eventSeq: row.event_seq,
  score: row.score === null ? null : { score: row.score, lastSeenAt: row.last_seen_at },
  request: row.request,
  quote: parseQuote(row.quote),
  actual: parseActual(row.actual),
  result: row.result,
  truncated: row.truncated,
  reason: row.reason,
  errorMessage: row.error_message,
  owedSats: creditSats(msat(BigInt(row.owed_msat))),
  eval: invoiceOf({
    paymentHash: row.e_hash,
    paymentRequest: row.e_request,
    amountSats: row.e_sats,
    expiresAt: row.e_expires,
    state: row.e_state,
    lookedUpAt: row.e_looked,
  }),
  work: invoiceOf({
    paymentHash: row.w_hash,
    paymentRequest: row.w_request,
    amountSats: row.w_sats,
    expiresAt: row.w_expires,
    state: row.w_state,
    lookedUpAt: row.w_looked,
  }),
  payout: row.p_state === null ? null : { state: row.p_state, method: row.p_method, amountSats: satsOf(row.p_sats) },
});

type InvoiceCells = Omit<InvoiceRow, "paymentHash" | "amountSats"> & { paymentHash: string | null; amountSats: string };

/** Null where the job has no such invoice: then every column of it is null. */
const invoiceOf = ({ paymentHash, amountSats, ...rest }: InvoiceCells): InvoiceRow | null =>
  paymentHash === null ? null : { ...rest, paymentHash, amountSats: satsOf(amountSats) };

const satsOf = (column: string): Sats => sats(BigInt(column));

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

/** Up to 500 events with a number above `after`, in order. */
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
