import { sats } from "~/core/money";
import type { AppError, AppErrorCode } from "./app-error";
import { PROBLEMS, type Problem, problemOf } from "./problems";

type ErrorOf<C extends AppErrorCode> = Extract<AppError, { code: C }>;
type CodesWithFacts = { [C in AppErrorCode]: { code: C } extends ErrorOf<C> ? never : C }[AppErrorCode];

const INVOICE = {
  paymentRequest: "lnbcrt100n1p5r7example",
  paymentHash: "6c1f2d0b9b4e47a2a7d0f1c7c3f8e1d25a0b3f6e9c8d7b6a5f4e3d2c1b0a9f8e",
  amountSats: 60,
  expiresAt: "2026-11-22T12:10:00.000Z",
};

/** One error of each code that carries facts, for the API's description. The other codes are their own sample. */
const SAMPLES: { [C in CodesWithFacts]: ErrorOf<C> } = {
  illegalMove: { code: "illegalMove", from: "complete", event: "cancelled" },
  tooManyOpenOrders: { code: "tooManyOpenOrders", limit: 10 },
  refundTargetUnusable: { code: "refundTargetUnusable", detail: "The invoice is for 12 sats, and 8 are owed." },
  addressUnusable: { code: "addressUnusable", detail: "There is no such Lightning address at its host." },
  addressUnreachable: { code: "addressUnreachable", detail: "The host of this address is not answering." },
  addressAmountOutOfRange: { code: "addressAmountOutOfRange", minSats: sats(100), maxSats: sats(100_000) },
  nostrEventInvalid: { code: "nostrEventInvalid", detail: "The event was signed too long ago." },
  paymentRequired: {
    code: "paymentRequired",
    sessionId: "5e0c7c92-0a35-4ac4-8f3c-5b1a7e0c2d11",
    refundToken: "kq3kS0b1vQm0m0bL0c9hVqUe3x2r5uYw7dQ1nT8aZ4E",
    macaroon: "AgEJdGltbXkuZXhhbXBsZQ==",
    invoice: INVOICE,
  },
  balanceTooLow: {
    code: "balanceTooLow",
    sessionId: "5e0c7c92-0a35-4ac4-8f3c-5b1a7e0c2d11",
    requiredSats: 60,
    balanceSats: 12,
    topupSats: 100,
  },
  sessionNotActive: { code: "sessionNotActive", state: "closed" },
  walletKnowsBetter: { code: "walletKnowsBetter", walletSays: "paid" },
  topupPending: { code: "topupPending", pendingTopup: INVOICE },
  walletDown: { code: "walletDown", detail: "" },
  walletRefused: { code: "walletRefused", detail: "" },
  walletBusy: { code: "walletBusy", detail: "", retryAfterSeconds: 20 },
  requestMissing: {
    code: "requestMissing",
    detail: "Say what Timmy should do: the field `request` is empty.",
  },
  requestTooLong: {
    code: "requestTooLong",
    detail: "A request may have at most 500 characters; this one has 612.",
    limit: 500,
    length: 612,
  },
  requestUnreadable: {
    code: "requestUnreadable",
    detail: "The request contains a character that cannot be stored (U+0000 or half a surrogate pair).",
  },
  invalidRequest: {
    code: "invalidRequest",
    faults: [{ field: "request", message: "Invalid input: expected string, received number" }],
  },
  bodyTooLarge: { code: "bodyTooLarge", limit: 65_536 },
  methodNotAllowed: { code: "methodNotAllowed", allow: ["POST", "OPTIONS"] },
  tooManyRequests: { code: "tooManyRequests", retryAfterSeconds: 37 },
  idempotencyKeyUnusable: {
    code: "idempotencyKeyUnusable",
    detail: "Without a credential a key needs at least 22 characters: use a random one.",
  },
  internal: { code: "internal", incident: "5f3a9c0e12b7" },
};

/** An error of this code as somebody could meet it. */
export const sampleError = (code: AppErrorCode): AppError =>
  (SAMPLES as Partial<Record<AppErrorCode, AppError>>)[code] ?? ({ code } as AppError); // it carries nothing else

/** The problem document as the docs show it. */
export const sampleProblem = (code: AppErrorCode): Problem => problemOf(sampleError(code));

/** Every code on the wire with its meaning, once each. */
export function problemTypes(): { code: string; status: number; title: string; detail?: string }[] {
  const byCode = new Map(
    Object.values(PROBLEMS).map(({ code, status, title, detail }) => [
      code as string,
      { code, status, title, ...(typeof detail === "string" && { detail }) },
    ]),
  );
  return [...byCode.values()].sort((a, b) => a.status - b.status || a.code.localeCompare(b.code));
}
