import { minSats, type Sats, sats, subtractSats, ZERO_SATS } from "~/core/money";
import { err, ok, type Result } from "~/core/result";

/** `ask` is one answer that is sold singly: a session of one request, with its price locked in. */
export type SessionKind = "session" | "ask";

export type SessionEvent = "depositPaid" | "depositExpired" | "closed";
type Effect = "oweBalance";
type Row = Partial<Record<SessionEvent, readonly [to: string, ...effects: Effect[]]>>;

/** The whole life of a session. A pair that is missing here cannot happen; top-ups and requests move no session. */
const NEXT = {
  awaiting_payment: {
    depositPaid: ["active"],
    depositExpired: ["expired"],
    closed: ["closed"],
  },
  active: {
    closed: ["closed", "oweBalance"],
  },
  closed: {},
  expired: {},
} as const satisfies Record<string, Row>;

export type SessionState = keyof typeof NEXT;
const SESSION_STATES = Object.keys(NEXT) as SessionState[];

/** Every row of the table, for tests that must reach each. */
export const SESSION_MOVES: readonly { from: SessionState; to: SessionState }[] = SESSION_STATES.flatMap((from) =>
  Object.values<readonly [SessionState, ...Effect[]]>(NEXT[from]).map(([to]) => ({ from, to })),
);

/** As it is shown: `paused` is an active session that cannot pay for the cheapest request. It forbids nothing. */
export type ShownState = SessionState | "paused";
export const SHOWN_STATES: readonly ShownState[] = [...SESSION_STATES, "paused"];

/** An open session that can pay for no request any more is shown as paused. */
export function shownState(state: SessionState, balanceSats: Sats, cheapestSats: Sats): ShownState {
  return state === "active" && balanceSats < cheapestSats ? "paused" : state;
}

export type SessionStep = { to: SessionState; effects: readonly Effect[] };
export type SessionNotActive = { code: "sessionNotActive"; state: SessionState };

/**
 * Where an event leads from a state, and its effects in their order; `sessionNotActive` where the table has no such
 * pair.
 */
export function transition(from: SessionState, event: SessionEvent): Result<SessionStep, SessionNotActive> {
  const row: Partial<Record<SessionEvent, readonly [to: SessionState, ...effects: Effect[]]>> = NEXT[from];
  const move = row[event];
  if (!move) return err({ code: "sessionNotActive", state: from });
  const [to, ...effects] = move;
  return ok({ to, effects });
}

/** What may be paid in at once, deposit or top-up. */
export const LEAST_DEPOSIT_SATS = 100;
export const MOST_DEPOSIT_SATS = 100_000;

/** A missing amount as it can be topped up. */
export const topupFor = (missing: Sats): Sats =>
  missing < LEAST_DEPOSIT_SATS ? sats(LEAST_DEPOSIT_SATS) : minSats(missing, sats(MOST_DEPOSIT_SATS));

export type RequestState = "running" | "complete" | "rejected" | "failed";
export const REQUEST_STATES: readonly RequestState[] = ["running", "complete", "rejected", "failed"];

/** What a request was begun with: the visitor's sats that are held for it, and the pool's that are set aside. */
export type Stakes = { heldSats: Sats; reservedSats: Sats };
/** Who pays what of a price in the end. Together they are at most the price. */
export type Charge = { debitedSats: Sats; absorbedSats: Sats };

const NOTHING: Charge = { debitedSats: ZERO_SATS, absorbedSats: ZERO_SATS };

/**
 * Who pays for a request that has ended. Of finished work the pool pays first, up to what was set aside. Being judged
 * is the visitor's to pay, as in a job: the pool pays of it only what was not held. A failure costs nobody anything.
 */
export function chargeOf(state: Exclude<RequestState, "running">, priceSats: Sats, stakes: Stakes): Charge {
  const { heldSats, reservedSats } = stakes;
  switch (state) {
    case "complete": {
      const absorbedSats = minSats(priceSats, reservedSats);
      return { absorbedSats, debitedSats: minSats(subtractSats(priceSats, absorbedSats), heldSats) };
    }
    case "rejected": {
      const debitedSats = minSats(priceSats, heldSats);
      return { debitedSats, absorbedSats: minSats(subtractSats(priceSats, debitedSats), reservedSats) };
    }
    case "failed":
      return NOTHING;
  }
}
