import { z } from "zod";
import { type Sats, sats } from "~/core/money";
import { type Database, sqlState, type Tx } from "~/db/client";
import type { QuoteRecord } from "~/modules/pricing/quote-schema";
import type { Charge, RequestState } from "./session";
import type { RequestActual } from "./session-view-store";

const Amount = z.string().transform((text) => sats(BigInt(text)));

export type Begin = {
  sessionId: string;
  requestId: string;
  onceKey: string | null;
  request: string;
  quote: QuoteRecord;
  runner: string;
  now: Date;
  deadlineAt: Date;
  /** How the session's identity stands with the pool; null where it has none. */
  standing: { version: number; dailyBudgetSats: Sats; maxReturnPct: number } | null;
};

// Amounts come as text, by whichever way the statement is sent.
const BEGIN = {
  name: "session-begin-request",
  text: `
    SELECT outcome, id::text, held_sats::text, reserved_sats::text, balance_sats::text
    FROM session_begin_request($1::uuid, $2::uuid, $3::text, $4::text, $5::jsonb, $6::bigint, $7::text,
      $8::timestamptz, $9::timestamptz, $10::integer, $11::bigint, $12::numeric)`,
} as const;
const Begun = z.object({
  outcome: z.enum(["begun", "begunBefore", "notActive", "tooLittle"]),
  id: z.uuid(),
  held_sats: Amount,
  reserved_sats: Amount,
  balance_sats: Amount,
});

/** `heldSats` of `tooLittle` is what would have to be there. */
export type Begun = {
  outcome: z.infer<typeof Begun>["outcome"];
  id: string;
  heldSats: Sats;
  reservedSats: Sats;
  balanceSats: Sats;
};

/** One statement, which reserves, holds and writes the request down. Outside a transaction it is one by itself. */
export async function beginRequest(by: Database | Tx, begin: Begin): Promise<Begun> {
  const { standing, quote } = begin;
  const row = await one(by, BEGIN, Begun, [
    begin.sessionId,
    begin.requestId,
    begin.onceKey,
    begin.request,
    JSON.stringify(quote),
    BigInt(quote.quoteSats),
    begin.runner,
    begin.now,
    begin.deadlineAt,
    standing?.version ?? 0,
    standing?.dailyBudgetSats ?? 0n,
    standing?.maxReturnPct ?? 0,
  ]);
  return {
    outcome: row.outcome,
    id: row.id,
    heldSats: row.held_sats,
    reservedSats: row.reserved_sats,
    balanceSats: row.balance_sats,
  };
}

/** The same, by itself; null where standing or pool are not what they were any more, and then nothing was taken. */
export async function beginUnlessChanged(db: Database, begin: Begin): Promise<Begun | null> {
  try {
    return await beginRequest(db, begin);
  } catch (error) {
    if (["40001", "LE003"].includes(sqlState(error) ?? "")) return null;
    throw error;
  }
}

/** Keeps a session as it is, as far as its requests are concerned, until the transaction ends. */
export async function shareSession(tx: Tx, sessionId: string): Promise<void> {
  await tx.$executeRaw`SELECT 1 FROM session WHERE id = ${sessionId}::uuid FOR SHARE`;
}

/** Locks a request and then its session. False where the request is not running any more. */
export async function lockRunning(tx: Tx, requestId: string): Promise<boolean> {
  const [row] = await tx.$queryRaw<{ running: boolean }[]>`
    SELECT (session_lock_running(${requestId}::uuid)).id IS NOT NULL AS running`;
  return row?.running ?? false;
}

export type Settlement = Charge & {
  requestId: string;
  state: Exclude<RequestState, "running">;
  poolCreditSats: Sats;
  /** For the log of grants. */
  requestHmac: string;
  actual: RequestActual | null;
  result: string | null;
  truncated: boolean;
  reason: string | null;
  errorMessage: string | null;
  now: Date;
};

const SETTLE = {
  name: "session-settle-request",
  text: `
    SELECT settled, balance_sats::text
    FROM session_settle_request($1::uuid, $2::text, $3::bigint, $4::bigint, $5::bigint, $6::text, $7::jsonb, $8::text,
      $9::boolean, $10::text, $11::text, $12::timestamptz)`,
} as const;
const Settled = z.object({ settled: z.boolean(), balance_sats: Amount.nullable() });

/** Ends a running request. Returns the session's balance after it; null where the request had ended before. */
export async function settleRequest(by: Database | Tx, settlement: Settlement): Promise<Sats | null> {
  const row = await one(by, SETTLE, Settled, valuesOf(settlement));
  return row.settled ? row.balance_sats : null;
}

const valuesOf = (settlement: Settlement): unknown[] => [
  settlement.requestId,
  settlement.state,
  settlement.debitedSats,
  settlement.absorbedSats,
  settlement.poolCreditSats,
  settlement.requestHmac,
  settlement.actual && JSON.stringify(settlement.actual),
  settlement.result,
  settlement.truncated,
  settlement.reason,
  settlement.errorMessage,
  settlement.now,
];

/** What the end of a request makes of its identity's trust, and the version of the identity that this was told from. */
type TrustChange = { version: number; score: number; lastSeenAt: Date; chargedSats: Sats };

const SETTLE_OF = {
  name: "session-settle-request-of",
  text: `
    SELECT settled, balance_sats::text
    FROM session_settle_request_of($13::integer, $14::integer, $15::timestamptz, $16::bigint, $1::uuid, $2::text,
      $3::bigint, $4::bigint, $5::bigint, $6::text, $7::jsonb, $8::text, $9::boolean, $10::text, $11::text,
      $12::timestamptz)`,
} as const;

/** The same, and writes the identity's trust down in one statement; `"changed"` where it is not what it was any more. */
export async function settleUnlessChanged(
  db: Database,
  settlement: Settlement,
  { version, score, lastSeenAt, chargedSats }: TrustChange,
): Promise<Sats | null | "changed"> {
  try {
    const trust = [version, score, lastSeenAt, chargedSats];
    const row = await one(db, SETTLE_OF, Settled, [...valuesOf(settlement), ...trust]);
    return row.settled ? row.balance_sats : null;
  } catch (error) {
    if (sqlState(error) === "40001") return "changed";
    throw error;
  }
}

/** Sends a statement over the hot way, prepared once a connection, or within a transaction. */
async function one<T>(
  by: Database | Tx,
  statement: { name: string; text: string },
  shape: z.ZodType<T>,
  values: readonly unknown[],
): Promise<T> {
  const rows =
    "pool" in by
      ? (await by.pool.query({ ...statement, values: [...values] })).rows
      : await by.$queryRawUnsafe<unknown[]>(statement.text, ...values);
  return shape.parse(rows[0]);
}

/** Runners of requests that hold no lock: processes that are no more, or that cannot prove that they live. */
export async function locklessRunners(db: Database): Promise<string[]> {
  const { rows } = await db.pool.query<{ runner: string }>({
    name: "lockless-runners",
    text: `
      WITH runners AS MATERIALIZED (SELECT DISTINCT runner FROM session_request WHERE state = 'running')
      SELECT runner FROM runners WHERE process_is_gone(runner)`,
  });
  return rows.map(({ runner }) => runner);
}

/** Requests that nobody will end any more: their runner is gone, or they are long over their time. */
export async function strayRequests(
  db: Database,
  goneRunners: readonly string[],
  overdueBefore: Date,
  limit: number,
): Promise<{ id: string; sessionId: string }[]> {
  return db.prisma.sessionRequest.findMany({
    where: {
      state: "running",
      OR: [{ runner: { in: [...goneRunners] } }, { deadlineAt: { lt: overdueBefore } }],
    },
    select: { id: true, sessionId: true },
    take: limit,
  });
}

/** Forgets the texts of ended requests that are older. Money rows stay. Returns how many there were, up to `limit`. */
export async function eraseOldTexts(db: Database, before: Date, limit: number): Promise<number> {
  return db.prisma.$executeRaw`
    UPDATE session_request SET request = NULL, result = NULL, reason = NULL
    WHERE id IN (
      SELECT id FROM session_request
      WHERE request IS NOT NULL AND state <> 'running' AND ended_at < ${before}
      ORDER BY ended_at LIMIT ${limit})`;
}
