import type { Database, Tx } from "~/db/client";
import { parseQuote, type QuoteRecord } from "~/modules/pricing/quote-schema";
import type { SessionKind, SessionState } from "./session";

export type NewSession = {
  id: string;
  kind: SessionKind;
  pubkey: string | null;
  clientKey: string;
  paymentHash: string;
  createdAt: Date;
  /** Of the one request that an ask is for. */
  requestHmac?: string;
  quote?: QuoteRecord;
};

/** A new session, waiting for its deposit. */
export async function insertSession(tx: Tx, session: NewSession): Promise<void> {
  await tx.session.create({ data: { ...session, stateChangedAt: session.createdAt, state: "awaiting_payment" } });
}

export type LockedSession = { id: string; kind: SessionKind; state: SessionState };

/** Reads the session and keeps every other writer out, the end of its requests too, until the transaction ends. */
export async function lockSession(tx: Tx, id: string): Promise<LockedSession | null> {
  const [row] = await tx.$queryRaw<LockedSession[]>`
    SELECT id, kind, state FROM session WHERE id = ${id}::uuid FOR UPDATE`;
  return row ?? null;
}

/** The session must be locked; the table of its life has allowed the step. */
export async function moveSession(tx: Tx, id: string, to: SessionState, now: Date): Promise<void> {
  await tx.$executeRaw`UPDATE session SET state = ${to}, state_changed_at = ${now} WHERE id = ${id}::uuid`;
}

/** Keeps a macaroon's root key, sealed, under the sha256 of its identifier. */
export async function insertKey(
  tx: Tx,
  key: { idHash: string; sessionId: string; rootKey: Uint8Array<ArrayBuffer> },
): Promise<void> {
  await tx.sessionKey.create({ data: key });
}

export type KeyRow = {
  idHash: string;
  rootKey: Buffer;
  sessionId: string;
  kind: SessionKind;
  state: SessionState;
  pubkey: string | null;
  paymentHash: string;
  depositState: string;
  requestHmac: string | null;
  quote: QuoteRecord | null;
};

// Read with every call of a session: one prepared join.
const READ_KEYS = {
  name: "read-session-keys",
  text: `
    SELECT k.id_hash AS "idHash", k.root_key AS "rootKey", s.id AS "sessionId", s.kind, s.state, s.pubkey,
      s.payment_hash AS "paymentHash", i.state AS "depositState", s.request_hmac AS "requestHmac", s.quote
    FROM session_key k JOIN session s ON s.id = k.session_id JOIN invoice i ON i.payment_hash = s.payment_hash
    WHERE k.id_hash = ANY($1)`,
} as const;

/** The sessions whose macaroons have these identifiers, by their sha256. */
export async function readKeys(db: Database, idHashes: readonly string[]): Promise<KeyRow[]> {
  const { rows } = await db.pool.query<KeyRow & { quote: unknown }>({ ...READ_KEYS, values: [idHashes] });
  return rows.map((row) => ({ ...row, quote: parseQuote(row.quote) }));
}

/** In whatever state. */
export async function sessionExists(db: Database, id: string): Promise<boolean> {
  return (await db.prisma.session.findUnique({ where: { id }, select: { id: true } })) !== null;
}

const ANNOUNCE = {
  name: "announce-sessions",
  text: "SELECT pg_notify('session', id) FROM unnest($1::text[]) AS id",
} as const;

/** Tells whoever watches these sessions, in any process, to look at them. */
export async function announceSessions(db: Database, ids: readonly string[]): Promise<void> {
  await db.pool.query({ ...ANNOUNCE, values: [ids] });
}
