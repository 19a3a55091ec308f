import { describe, expect, test } from "vitest";
import { type Effect, isEnd, JOB_MOVES, JOB_STATES, type JobEvent, type JobState, transition } from "./job";

/** The table of spec §3, written down a second time: what it says of money is what `effects` must do. */
const TABLE: readonly [from: JobState, event: JobEvent, to: JobState, effects: readonly Effect[]][] = [
  ["awaiting_eval_payment", "evalPaid", "evaluating", ["evaluate"]],
  ["awaiting_eval_payment", "invoiceExpired", "expired", []],
  ["awaiting_eval_payment", "cancelled", "cancelled", []],
  ["evaluating", "judgedAcceptable", "awaiting_work_payment", ["earnEvalFee"]],
  ["evaluating", "judgedFree", "executing", ["earnEvalFee", "work"]],
  ["evaluating", "judgedUnacceptable", "rejected", ["countRefusal", "earnEvalFee"]],
  ["evaluating", "evalFailed", "failed", ["oweEvalFee"]],
  ["awaiting_work_payment", "workPaid", "executing", ["takePledge", "work"]],
  ["awaiting_work_payment", "invoiceExpired", "expired", ["dropPledge"]],
  ["awaiting_work_payment", "cancelled", "cancelled", ["dropPledge"]],
  ["executing", "workDone", "complete", ["settleWork"]],
  ["executing", "workRefused", "failed", ["countRefusal", "releaseReserved", "oweWork"]],
  ["executing", "workFailed", "failed", ["releaseReserved", "oweWork"]],
  ["complete", "paidLate", "complete", ["oweLatePayment"]],
  ["rejected", "paidLate", "rejected", ["oweLatePayment"]],
  ["failed", "paidLate", "failed", ["oweLatePayment"]],
  ["expired", "paidLate", "expired", ["oweLatePayment"]],
  ["cancelled", "paidLate", "cancelled", ["oweLatePayment"]],
];
const STATES: readonly JobState[] = [
  "awaiting_eval_payment",
  "evaluating",
  "awaiting_work_payment",
  "executing",
  "complete",
  "rejected",
  "failed",
  "expired",
  "cancelled",
];
const EVENTS = Object.keys({
  evalPaid: 0,
  judgedAcceptable: 0,
  judgedFree: 0,
  judgedUnacceptable: 0,
  evalFailed: 0,
  workPaid: 0,
  workDone: 0,
  workRefused: 0,
  workFailed: 0,
  invoiceExpired: 0,
  cancelled: 0,
  paidLate: 0,
} satisfies Record<JobEvent, 0>) as JobEvent[];

describe("the life of a job", () => {
  test.each(TABLE)("%s, %s: %s", (from, event, to, effects) => {
    expect(transition(from, event)).toEqual({ ok: true, value: { to, effects } });
  });

  test("has the states of the spec and no row besides", () => {
    expect([...JOB_STATES].sort()).toEqual([...STATES].sort());
    expect(JOB_MOVES).toHaveLength(TABLE.length);
    for (const [from, event, to] of TABLE) expect(JOB_MOVES).toContainEqual({ from, event, to });
  });

  const missing = STATES.flatMap((from) =>
    EVENTS.filter((event) => !TABLE.some((row) => row[0] === from && row[1] === event)).map(
      (event) => [from, event] as const,
    ),
  );
  test.each(missing)("%s knows no %s", (from, event) => {
    expect(transition(from, event)).toEqual({ ok: false, error: { code: "illegalMove", from, event } });
  });

  test("ends where nothing but late money can come", () => {
    const ends: JobState[] = ["complete", "rejected", "failed", "expired", "cancelled"];
    expect(STATES.filter(isEnd)).toEqual(ends);
  });

  test("reaches an end from every state, by moves of the table alone", () => {
    for (const start of STATES) {
      const seen = new Set<JobState>([start]);
      for (const state of seen) for (const { from, to } of JOB_MOVES) if (from === state) seen.add(to);
      expect([...seen].some(isEnd)).toBe(true);
    }
  });
});
