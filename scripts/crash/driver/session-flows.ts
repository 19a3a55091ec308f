import type { ClaimWay } from "./flows";
import type { Means } from "./identities";

/** The way of one session. */
export type SessionFlow = {
  /** What the canned agent does with its requests. */
  mark?: string;
  /** `late`: the session is closed instead, and then it is paid all the same. */
  deposit: "wallet" | "never" | "late";
  by?: Means;
  /** What happens to the balance before anything is asked for. */
  before?: "topup" | "refundInto";
  /** The answer is read as it is made. */
  streamed?: true;
  /** Two requests at once. */
  parallel?: true;
  /** Its texts are forgotten in the end. */
  forgotten?: true;
  claim?: ClaimWay;
  /** What becomes of its requests. */
  answer?: "complete" | "rejected" | "failed";
};

/** Each way through a session. */
export const SESSION_FLOWS = {
  asked: { deposit: "wallet", parallel: true, claim: "invoice", answer: "complete" },
  streamed: { mark: "[slow]", deposit: "wallet", streamed: true, claim: "code", answer: "complete" },
  notAsked: { deposit: "wallet", claim: "address" },
  requestRejected: { mark: "[reject]", deposit: "wallet", claim: "invoice", answer: "rejected", forgotten: true },
  requestRefused: { mark: "[refuse]", deposit: "wallet", streamed: true, claim: "invoice", answer: "failed" },
  toppedUp: { deposit: "wallet", before: "topup", claim: "invoice", answer: "complete" },
  refundedInto: { deposit: "wallet", before: "refundInto", claim: "invoice", answer: "complete" },
  freeRequests: { deposit: "wallet", by: "rich", parallel: true, claim: "invoice", answer: "complete" },
  partlyFreeRequest: { mark: "[slow]", deposit: "wallet", by: "poor", claim: "invoice", answer: "complete" },
  freeRejected: { mark: "[reject]", deposit: "wallet", by: "rich", claim: "invoice", answer: "rejected" },
  depositLate: { deposit: "late", claim: "invoice" },
  depositNever: { deposit: "never" },
} as const satisfies Record<string, SessionFlow>;
export type SessionFlowName = keyof typeof SESSION_FLOWS;

/** The way of one answer that is sold singly. */
export type AskFlow = {
  mark?: string;
  streamed?: true;
  /** Something else is asked for with the same payment. */
  other?: true;
  claim: ClaimWay;
  answer: "complete" | "rejected";
};

export const ASK_FLOWS = {
  answerBought: { other: true, claim: "invoice", answer: "complete" },
  answerStreamed: { mark: "[slow]", streamed: true, claim: "address", answer: "complete" },
  answerRejected: { mark: "[reject]", claim: "invoice", answer: "rejected" },
} as const satisfies Record<string, AskFlow>;
export type AskFlowName = keyof typeof ASK_FLOWS;
