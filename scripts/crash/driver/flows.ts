import type { PayTrouble } from "../outside/trouble";
import type { Means } from "./identities";

export type ClaimWay = "invoice" | "address" | "code";

/** How an invoice is dealt with. */
export type Paying =
  /** From the visitor's wallet; nobody tells us. */
  | "wallet"
  /** By the dev route. */
  | "dev"
  | "never"
  /** The job is cancelled instead. */
  | "cancel"
  /** The job is cancelled, and then it is paid all the same. */
  | "late";

/** The way of one job. */
export type Flow = {
  /** What the canned agent does with it. */
  mark?: string;
  eval: Paying;
  work?: Paying;
  claim?: ClaimWay;
  /** Whose it is; else nobody's. */
  by?: Means;
  /** A client that polls. The others look at nothing: their jobs have to move by themselves. */
  polls?: true;
  /** What goes wrong with the first attempt to pay it out; else anything may. */
  trouble?: PayTrouble;
  /** What happens on top. */
  extra?:
    | ("claimTwice" | "claimAgain" | "expirePayout" | "deleteText" | "forgetText" | "loseTask")
    | ("walletDown" | "walletSilent");
  /** The states in which it may end. A phase that ran out of time under all the killing is judged separately. */
  end: string;
};

const NONSENSE = { mark: "[nonsense]", eval: "wallet", claim: "invoice", end: "failed" } as const;

/** Each way through a job, with its end. */
export const JOB_FLOWS = {
  toInvoice: { eval: "wallet", work: "wallet", claim: "invoice", end: "complete" },
  toAddress: { eval: "wallet", work: "wallet", claim: "address", end: "complete" },
  byCode: { eval: "wallet", work: "wallet", claim: "code", end: "complete" },
  slow: { mark: "[slow]", eval: "wallet", work: "wallet", claim: "invoice", end: "complete" },
  truncated: { mark: "[truncate]", eval: "wallet", work: "wallet", claim: "invoice", end: "complete" },
  devPaid: { eval: "dev", work: "dev", claim: "invoice", end: "complete" },
  devUnheard: { eval: "dev", work: "dev", extra: "walletSilent", claim: "invoice", end: "complete" },
  polling: { eval: "wallet", work: "wallet", polls: true, claim: "invoice", end: "complete" },
  walletDown: { eval: "wallet", work: "wallet", extra: "walletDown", claim: "invoice", end: "complete" },
  rejected: { mark: "[reject]", eval: "wallet", end: "rejected" },
  nonsense: NONSENSE,
  judgeDown: { mark: "[judge-fail]", eval: "wallet", claim: "address", end: "failed" },
  taskLost: { mark: "[judge-fail]", eval: "wallet", extra: "loseTask", claim: "invoice", end: "failed" },
  workRefused: { mark: "[refuse]", eval: "wallet", work: "wallet", claim: "code", end: "failed" },
  workEmpty: { mark: "[empty]", eval: "wallet", work: "wallet", claim: "invoice", end: "failed" },
  workBroken: { mark: "[fail]", eval: "wallet", work: "wallet", claim: "address", end: "failed" },
  payoutUnheard: { ...NONSENSE, trouble: "actsThenSilent" },
  payoutLost: { ...NONSENSE, trouble: "lost" },
  payoutLate: { ...NONSENSE, trouble: "late" },
  payoutPending: { ...NONSENSE, trouble: "pending" },
  payoutFails: { ...NONSENSE, trouble: "fails" },
  evalExpired: { eval: "never", end: "expired" },
  workExpired: { eval: "wallet", work: "never", end: "expired" },
  cancelled: { eval: "cancel", end: "cancelled" },
  workCancelled: { eval: "wallet", work: "cancel", end: "cancelled" },
  paidLate: { eval: "late", claim: "invoice", end: "cancelled" },
  workPaidLate: { eval: "wallet", work: "late", claim: "code", end: "cancelled" },
  claimedTwice: { mark: "[nonsense]", eval: "wallet", claim: "invoice", extra: "claimTwice", end: "failed" },
  claimedAgain: { mark: "[nonsense]", eval: "wallet", claim: "address", extra: "claimAgain", end: "failed" },
  givenUp: { mark: "[nonsense]", eval: "wallet", claim: "invoice", extra: "expirePayout", end: "failed" },
  textDeleted: { mark: "[reject]", eval: "wallet", extra: "deleteText", end: "rejected" },
  textForgotten: { mark: "[reject]", eval: "wallet", extra: "forgetText", end: "rejected" },
  free: { eval: "wallet", by: "rich", end: "complete" },
  partlyFree: { eval: "wallet", work: "wallet", by: "poor", claim: "invoice", end: "complete" },
  freeRefused: { mark: "[refuse]", eval: "wallet", by: "rich", end: "failed" },
} as const satisfies Record<string, Flow>;
export type JobFlowName = keyof typeof JOB_FLOWS;
