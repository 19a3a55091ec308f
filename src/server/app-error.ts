import type { IllegalMove } from "~/modules/jobs/job";
import type { WalletFailure } from "~/ports/lightning-wallet";

/** A field of the input that is not as it should be. `field` is its path, empty for the whole. */
export type FieldFault = { field: string; message: string };

/** What the business answers instead of a value. */
type ServiceError =
  | WalletFailure
  | IllegalMove
  | { code: "jobNotFound" }
  | { code: "tooManyOpenOrders"; limit: number }
  | { code: "refundTokenMissing" }
  | { code: "refundTokenWrong" }
  | { code: "nothingOwed" }
  | { code: "payoutInFlight" }
  | { code: "refundTargetMissing" }
  | { code: "refundTargetUnusable"; detail: string }
  | { code: "refundTargetReused" }
  | { code: "addressAmountOutOfRange"; minSats: number; maxSats: number }
  | { code: "invoiceNotPayable" };

/** What this side of the wire finds wrong before any service is asked. */
type EdgeError =
  | { code: "requestMissing"; detail: string }
  | { code: "requestTooLong"; detail: string; limit?: number; length?: number }
  | { code: "requestUnreadable"; detail: string }
  | { code: "invalidRequest"; faults: readonly FieldFault[] }
  | { code: "malformedJson" }
  | { code: "unsupportedMediaType" }
  | { code: "bodyTooLarge"; limit: number }
  | { code: "routeNotFound" }
  | { code: "methodNotAllowed"; allow: readonly string[] }
  | { code: "crossSiteRefused" }
  | { code: "tooManyRequests"; retryAfterSeconds: number }
  | { code: "tooManyStreams"; retryAfterSeconds: number }
  | { code: "idempotencyKeyUnusable"; detail: string }
  | { code: "idempotencyKeyReused" }
  | { code: "databaseDown" }
  | { code: "internal"; incident: string };

/** Every way in which a call can fail for its caller. */
export type AppError = ServiceError | EdgeError;
export type AppErrorCode = AppError["code"];
