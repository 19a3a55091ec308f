import { expect } from "vitest";
import { WatchedSession } from "~/modules/sessions/session-schema";
import { tierOf } from "./free-tier";
import type { Model } from "./model";
import { heldOf, isRunning, type ModelSession, openTopup } from "./session-model";
import type { World } from "./world";

type Row = {
  id: string;
  kind: string;
  state: string;
  accounts: Record<string, number> | null;
  invoices: { hash: string; state: string }[];
  payouts: { hash: string; state: string }[] | null;
  requests: { id: string; state: string; held: number; reserved: number; debited: number; absorbed: number }[] | null;
};

const READ_SESSIONS = `
  SELECT s.id, s.kind, s.state,
    (SELECT json_object_agg(kind, balance_msat) FROM (
      SELECT kind, sum(balance_msat) AS balance_msat FROM ledger_account
      WHERE owner = s.id::text OR (kind = 'held' AND owner IN (SELECT r.id::text FROM session_request r WHERE r.session_id = s.id))
      GROUP BY kind) a) AS accounts,
    (SELECT json_agg(json_build_object('hash', payment_hash, 'state', state)) FROM invoice WHERE order_id = s.id) AS invoices,
    (SELECT json_agg(json_build_object('hash', coalesce(payment_hash, target), 'state', state))
     FROM payout WHERE order_id = s.id) AS payouts,
    (SELECT json_agg(json_build_object('id', id, 'state', state, 'held', held_sats, 'reserved', reserved_sats,
      'debited', debited_sats, 'absorbed', absorbed_sats)) FROM session_request WHERE session_id = s.id) AS requests
  FROM session s WHERE s.id = ANY($1)`;

const by =
  <K extends string>(key: K) =>
  (a: Record<K, string>, b: Record<K, string>) =>
    a[key] < b[key] ? -1 : 1;

/** Each session as the database has it, and that none of its sats is lost. */
export async function agreeOnSessions({ sessions }: Model, { shop }: World): Promise<void> {
  if (sessions.length === 0) return;
  const { rows } = await shop.db.pool.query<Row>(READ_SESSIONS, [sessions.map(({ id }) => id)]);
  const found = new Map(rows.map((row) => [row.id, row]));
  for (const session of sessions) {
    const row = found.get(session.id);
    const { prepaid = 0, held = 0, owed = 0, in_flight: inFlight = 0 } = row?.accounts ?? {};
    expect({
      kind: row?.kind,
      state: row?.state,
      money: { prepaid, held, owed, inFlight },
      invoices: row?.invoices.sort(by("hash")),
      payouts: (row?.payouts ?? []).sort(by("hash")),
      requests: (row?.requests ?? []).sort(by("id")),
    }).toEqual({
      kind: session.kind,
      state: session.state,
      money: {
        prepaid: Number(session.balance) * 1000,
        held: Number(heldOf(session)) * 1000,
        owed: Number(session.owed) * 1000,
        inFlight: Number(session.inFlight) * 1000,
      },
      invoices: session.invoices.map(({ paymentHash: hash, state }) => ({ hash, state })).sort(by("hash")),
      payouts: session.payouts.map(({ paymentHash: hash, state }) => ({ hash, state })).sort(by("hash")),
      requests: session.requests
        .map(({ id, state, held: kept, covered, debited, absorbed }) => ({
          ...{ id, state, held: Number(kept), reserved: Number(covered) },
          ...{ debited: Number(debited), absorbed: Number(absorbed) },
        }))
        .sort(by("id")),
    });
    const { balance, earned, paidOut, credited } = session;
    expect(balance + heldOf(session) + earned + session.owed + session.inFlight + paidOut).toBe(credited);
  }
}

/** What its page shows, without asking the wallet. */
export async function agreeOnSessionView(model: Model, session: ModelSession, { shop }: World): Promise<void> {
  const left = new AbortController();
  const watching = shop.services.sessions.watch(session.id, null, left.signal);
  const shown = WatchedSession.parse((await watching.next()).value?.session);
  left.abort();
  await watching.return(undefined);
  const { identity, balance, owed, inFlight, requests } = session;
  const cheapest = (await shop.services.pricing.quote("?", ["judge", "work"])).quoteSats as bigint;
  const paused = session.state === "active" && balance < cheapest;
  const waiting = openTopup(session);
  expect(shown).toMatchObject({
    sessionId: session.id,
    state: paused ? "paused" : session.state,
    balanceSats: Number(balance),
    owedSats: Number(owed + inFlight),
    trust_tier: identity ? tierOf(identity, model.now).name : "anonymous",
  });
  expect(shown.pendingTopup?.paymentHash).toBe(waiting?.paymentHash);
  const listed = shown.requests.map(({ requestId, state, debitedSats }) => [requestId, state, debitedSats]);
  const known = requests.map(({ id, state, debited }) => [id, state, Number(debited)]);
  // Those of one moment come in any order.
  const sorted = (rows: unknown[][]) => rows.map(String).sort();
  expect(sorted(listed)).toEqual(sorted(known).slice(0, requests.length));
  expect(requests.filter(isRunning).every(({ debited }) => debited === 0n)).toBe(true);
}
