import { z } from "zod";
import { creditSats, msat, type Sats, sats } from "~/core/money";
import type { Database, Tx } from "~/db/client";
import type { PayoutMethod, PayoutState, ShownPayout } from "~/modules/payouts/payout";
import { parseQuote, type QuoteRecord } from "~/modules/pricing/quote-schema";
import type { RequestState, SessionKind, SessionState } from "./session";

export type InvoiceRow = {
  paymentHash: string;
  paymentRequest: string;
  amountSats: Sats;
  expiresAt: Date;
  lookedUpAt: Date | null;
};

/** A session with all that its view is made of, but for its requests. */
export type SessionRecord = {
  id: string;
  kind: SessionKind;
  state: SessionState;
  pubkey: string | null;
  createdAt: Date;
  stateChangedAt: Date;
  balanceSats: Sats;
  owedSats: Sats;
  /** The top-up that waits to be paid. */
  topup: InvoiceRow | null;
  /** The newest one. */
  payout: ShownPayout | null;
};

const READ_SESSION = {
  name: "read-session",
  text: `
    SELECT s.id, s.kind, s.state, s.pubkey, s.created_at, s.state_changed_at,
      coalesce(b.balance_msat, 0) AS balance_msat,
      coalesce(o.balance_msat, 0) + coalesce(f.balance_msat, 0) AS owed_msat,
      t.payment_hash, t.payment_request, t.amount_sats, t.expires_at, t.looked_up_at,
      p.state AS p_state, p.method AS p_method, p.amount_sats AS p_sats
    FROM session s
    LEFT JOIN ledger_account b ON b.kind = 'prepaid' AND b.owner = s.id::text
    LEFT JOIN ledger_account o ON o.kind = 'owed' AND o.owner = s.id::text
    LEFT JOIN ledger_account f ON f.kind = 'in_flight' AND f.owner = s.id::text
    LEFT JOIN invoice t ON t.order_id = s.id AND t.purpose = 'topup' AND t.state = 'open'
    LEFT JOIN LATERAL (SELECT state, method, amount_sats FROM payout WHERE order_id = s.id ORDER BY created_at DESC LIMIT 1) p ON true
    WHERE s.id = $1`,
} as const;

/** The invoice of a session, deposit or top-up, that waits to be paid. */
export async function readOpenInvoice(
  tx: Tx,
  sessionId: string,
  purpose: "deposit" | "topup",
): Promise<InvoiceRow | null> {
  const row = await tx.invoice.findFirst({
    where: { orderId: sessionId, purpose, state: "open" },
    select: { paymentHash: true, paymentRequest: true, amountSats: true, expiresAt: true, lookedUpAt: true },
  });
  return row && { ...row, amountSats: sats(row.amountSats) };
}

/** As pg delivers it: bigint columns come as decimal text. */
type SessionRow = {
  id: string;
  kind: SessionKind;
  state: SessionState;
  pubkey: string | null;
  created_at: Date;
  state_changed_at: Date;
  balance_msat: string;
  owed_msat: string;
} & ({ p_state: null } | { p_state: PayoutState; p_method: PayoutMethod; p_sats: string }) &
  (
    | { payment_hash: null }
    | {
        payment_hash: string;
        payment_request: string;
        amount_sats: string;
        expires_at: Date;
        looked_up_at: Date | null;
      }
  );

const satsOfMsat = (column: string): Sats => creditSats(msat(BigInt(column)));

/** Reads a session as it stands; null where there is none. */
export async function readSessionRecord(db: Database, id: string): Promise<SessionRecord | null> {
  const { rows } = await db.pool.query<SessionRow>({ ...READ_SESSION, values: [id] });
  const row = rows[0];
  if (!row) return null;
  return {
    id: row.id,
    kind: row.kind,
    state: row.state,
    pubkey: row.pubkey,
    createdAt: row.created_at,
    stateChangedAt: row.state_changed_at,
    balanceSats: satsOfMsat(row.balance_msat),
    owedSats: satsOfMsat(row.owed_msat),
    topup:
      row.payment_hash === null
        ? null
        : {
            paymentHash: row.payment_hash,
            paymentRequest: row.payment_request,
            amountSats: sats(BigInt(row.amount_sats)),
            expiresAt: row.expires_at,
            lookedUpAt: row.looked_up_at,
          },
    payout:
      row.p_state === null ? null : { state: row.p_state, method: row.p_method, amountSats: sats(BigInt(row.p_sats)) },
  };
}

const Actual = z.object({ inputTokens: z.int(), outputTokens: z.int(), costUsd: z.number() });
/** What the models' servers billed for a request, judging included. */
export type RequestActual = z.infer<typeof Actual>;

export type RequestRecord = {
  id: string;
  sessionId: string;
  state: RequestState;
  createdAt: Date;
  request: string | null;
  quote: QuoteRecord;
  heldSats: Sats;
  reservedSats: Sats;
  debitedSats: Sats;
  absorbedSats: Sats;
  actual: RequestActual | null;
  result: string | null;
  truncated: boolean;
  reason: string | null;
  errorMessage: string | null;
};

type RequestRow = NonNullable<Awaited<ReturnType<Database["prisma"]["sessionRequest"]["findUnique"]>>>;

function recordOf(row: RequestRow): RequestRecord {
  const quote = parseQuote(row.quote);
  if (!quote) throw new Error("a request of a session lacks its quote");
  return {
    id: row.id,
    sessionId: row.sessionId,
    state: row.state as RequestState, // the column's CHECK admits no other
    createdAt: row.createdAt,
    request: row.request,
    quote,
    heldSats: sats(row.heldSats),
    reservedSats: sats(row.reservedSats),
    debitedSats: sats(row.debitedSats),
    absorbedSats: sats(row.absorbedSats),
    actual: row.actual === null ? null : Actual.parse(row.actual),
    result: row.result,
    truncated: row.truncated,
    reason: row.reason,
    errorMessage: row.errorMessage,
  };
}

/** One request, in whatever state; null where there is none. */
export async function readRequest(db: Database, id: string): Promise<RequestRecord | null> {
  const row = await db.prisma.sessionRequest.findUnique({ where: { id } });
  return row && recordOf(row);
}

type HistoryRow = { id: string; createdAt: Date; state: RequestState; request: string | null; debitedSats: Sats };

// The cursor is the last request that was seen: what is newer may grow meanwhile and moves no page.
const READ_HISTORY = {
  name: "read-session-history",
  text: `
    SELECT id, created_at, state, request, debited_sats FROM session_request
    WHERE session_id = $1 AND ($2::uuid IS NULL OR (created_at, id) <
      (SELECT c.created_at, c.id FROM session_request c WHERE c.id = $2 AND c.session_id = $1))
    ORDER BY created_at DESC, id DESC LIMIT $3`,
} as const;

/** A page of a session's requests, the newest first; `after` is the id of the last one that was seen. */
export async function readHistory(
  db: Database,
  sessionId: string,
  after: string | null,
  limit: number,
): Promise<HistoryRow[]> {
  type Row = { id: string; created_at: Date; state: RequestState; request: string | null; debited_sats: string };
  const { rows } = await db.pool.query<Row>({ ...READ_HISTORY, values: [sessionId, after, limit] });
  return rows.map((row) => ({
    id: row.id,
    createdAt: row.created_at,
    state: row.state,
    request: row.request,
    debitedSats: sats(BigInt(row.debited_sats)),
  }));
}
