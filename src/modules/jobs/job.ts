import { err, ok, type Result } from "~/core/result";

export type JobEvent =
  | "evalPaid"
  | "judgedAcceptable"
  | "judgedFree"
  | "judgedUnacceptable"
  | "evalFailed"
  | "workPaid"
  | "workDone"
  | "workRefused"
  | "workFailed"
  | "invoiceExpired"
  | "cancelled"
  | "paidLate";

/** What a step triggers: a task, or a movement of money. */
export type Effect =
  | "evaluate"
  | "work"
  | "earnEvalFee"
  | "oweEvalFee"
  | "takePledge"
  | "dropPledge"
  | "releaseReserved"
  | "settleWork"
  | "oweWork"
  | "oweLatePayment"
  | "countRefusal";

type Row = Partial<Record<JobEvent, readonly [to: string, ...effects: Effect[]]>>;

/** Lightning can settle after we gave up: late money moves no job, it is owed in full. */
const late = <S extends string>(state: S) => ({ paidLate: [state, "oweLatePayment"] }) as const;

/** The whole life of a job. A pair that is missing here cannot happen. */
const NEXT = {
  awaiting_eval_payment: {
    evalPaid: ["evaluating", "evaluate"],
    invoiceExpired: ["expired"],
    cancelled: ["cancelled"],
  },
  evaluating: {
    judgedAcceptable: ["awaiting_work_payment", "earnEvalFee"],
    // The pool covers all of it: that was set aside in the step that decided so.
    judgedFree: ["executing", "earnEvalFee", "work"],
    judgedUnacceptable: ["rejected", "countRefusal", "earnEvalFee"],
    evalFailed: ["failed", "oweEvalFee"],
  },
  awaiting_work_payment: {
    workPaid: ["executing", "takePledge", "work"],
    invoiceExpired: ["expired", "dropPledge"],
    cancelled: ["cancelled", "dropPledge"],
  },
  executing: {
    workDone: ["complete", "settleWork"],
    workRefused: ["failed", "countRefusal", "releaseReserved", "oweWork"],
    workFailed: ["failed", "releaseReserved", "oweWork"],
  },
  complete: late("complete"),
  rejected: late("rejected"),
  failed: late("failed"),
  expired: late("expired"),
  cancelled: late("cancelled"),
} as const satisfies Record<string, Row>;

export type JobState = keyof typeof NEXT;
export const JOB_STATES = Object.keys(NEXT) as JobState[];

export type Step = { to: JobState; effects: readonly Effect[] };
export type IllegalMove = { code: "illegalMove"; from: JobState; event: JobEvent };

/**
 * Where an event leads from a state, and its effects in their order; `illegalMove` where the table has no such pair.
 */
export function transition(from: JobState, event: JobEvent): Result<Step, IllegalMove> {
  const row: Partial<Record<JobEvent, readonly [to: JobState, ...effects: Effect[]]>> = NEXT[from];
  const move = row[event];
  if (!move) return err({ code: "illegalMove", from, event });
  const [to, ...effects] = move;
  return ok({ to, effects });
}

/** Every row of the table, for the diagram in the docs and for tests that must reach each. */
export const JOB_MOVES: readonly { from: JobState; event: JobEvent; to: JobState }[] = JOB_STATES.flatMap((from) =>
  Object.entries<readonly [JobState, ...Effect[]]>(NEXT[from]).map(([event, [to]]) => ({
    from,
    event: event as JobEvent,
    to,
  })),
);

/** Nothing but late money happens to a job in one of these. */
export const isEnd = (state: JobState): boolean => "paidLate" in NEXT[state];

/** The state in which an invoice of this purpose is waited for. */
export const AWAITS = { eval: "awaiting_eval_payment", work: "awaiting_work_payment" } as const;
export type InvoicePurpose = keyof typeof AWAITS;
