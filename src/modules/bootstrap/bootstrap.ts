import { err, ok, type Result } from "~/core/result";

export type BootstrapEvent = "feePaid" | "nodeReady" | "nodeFailed" | "invoiceExpired" | "paidLate";

/** What a step triggers: a task, or a movement of money. */
export type Effect = "provision" | "earnFee" | "oweFee" | "removeNode" | "oweLatePayment";

type Row = Partial<Record<BootstrapEvent, readonly [to: string, ...effects: Effect[]]>>;

/** Lightning can settle after we gave up: late money moves no order, it is owed in full. */
const late = <S extends string>(state: S) => ({ paidLate: [state, "oweLatePayment"] }) as const;

/** The whole life of a node that is set up for a fee. A pair that is missing here cannot happen. */
const NEXT = {
  awaiting_payment: {
    feePaid: ["provisioning", "provision"],
    invoiceExpired: ["expired"],
  },
  provisioning: {
    nodeReady: ["ready", "earnFee"],
    nodeFailed: ["failed", "oweFee", "removeNode"],
  },
  ready: late("ready"),
  failed: late("failed"),
  expired: late("expired"),
} as const satisfies Record<string, Row>;

export type BootstrapState = keyof typeof NEXT;
export const BOOTSTRAP_STATES = Object.keys(NEXT) as BootstrapState[];

export type BootstrapStep = { to: BootstrapState; effects: readonly Effect[] };
export type IllegalBootstrapMove = { code: "illegalBootstrapMove"; from: BootstrapState; event: BootstrapEvent };

/**
 * Where an event leads from a state, and its effects in their order; `illegalBootstrapMove` where the table has no
 * such pair.
 */
export function transition(from: BootstrapState, event: BootstrapEvent): Result<BootstrapStep, IllegalBootstrapMove> {
  const row: Partial<Record<BootstrapEvent, readonly [to: BootstrapState, ...effects: Effect[]]>> = NEXT[from];
  const move = row[event];
  if (!move) return err({ code: "illegalBootstrapMove", from, event });
  const [to, ...effects] = move;
  return ok({ to, effects });
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** A machine without an address after so long will not get one. */
export const ADDRESS_WAIT_MS = 2 * MINUTE;

/** As long again as has been waited so far, within bounds. */
const again = (waitedMs: number, least: number, most: number) => Math.min(Math.max(waitedMs, least), most);

/** When to look for the machine's address next, by how long it has been there. */
export const addressPauseMs = (waitedMs: number): number => again(waitedMs, SECOND, 5 * SECOND);
/** When to ask next how far the machine is, by how long it has been there. */
export const healthPauseMs = (waitedMs: number): number => again(waitedMs / 10, SECOND, 30 * SECOND);
/** When to try next to remove what is left of a failed order, by how long that has been going on. Never given up. */
export const removalPauseMs = (waitedMs: number): number => again(waitedMs, 10 * SECOND, HOUR);
