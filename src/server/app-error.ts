import type { Sats } from "~/core/money";
import type { BootstrapNotFound, CreateBootstrapError } from "~/modules/bootstrap/bootstrap-service";
import type { DemoError } from "~/modules/demo/demo-service";
import type { CredentialError, LoginError } from "~/modules/identity/identity-service";
import type { IllegalMove } from "~/modules/jobs/job";
import type { CreateJobError, JobNotFound } from "~/modules/jobs/job-service";
import type { TaskNotWaiting } from "~/modules/operator/operator-service";
import type { RefundTokenError } from "~/modules/orders/refund-token-service";
import type { RefundError, SettleByHandError } from "~/modules/payouts/payout-service";
import type { PaymentRequired } from "~/modules/sessions/ask-service";
import type { AccessError, MakeRequestError, TopupPending } from "~/modules/sessions/session-service";
import type { StreamTicketInvalid } from "./stream-tickets";

/** A field of the input that is not as it should be. `field` is its path, empty for the whole. */
export type FieldFault = { field: string; message: string };

type SessionError = AccessError | MakeRequestError | TopupPending | PaymentRequired | { code: "requestNotFound" };

/** What the business answers instead of a value. */
type ServiceError =
  | CreateJobError
  | JobNotFound
  | { code: "jobInProgress" }
  | IllegalMove
  | RefundTokenError
  | Exclude<RefundError, { code: "addressAmountOutOfRange" }>
  // Amounts are numbers once the answer was kept and read back.
  | { code: "addressAmountOutOfRange"; minSats: Sats | number; maxSats: Sats | number }
  | Exclude<DemoError, { code: "tooManyRequests" }>
  | LoginError
  | CredentialError
  | { code: "nostrLoginRequired" }
  | SessionError
  | CreateBootstrapError
  | BootstrapNotFound
  | SettleByHandError
  | TaskNotWaiting
  | { code: "invoiceNotPayable" };

/** What this side of the wire finds wrong before any service is asked. */
type EdgeError =
  | { code: "requestMissing"; detail: string }
  | { code: "requestTooLong"; detail: string; limit?: number; length?: number }
  | { code: "requestUnreadable"; detail: string }
  | { code: "refundTargetMissing" }
  | { code: "invalidRequest"; faults: readonly FieldFault[] }
  | { code: "malformedJson" }
  | { code: "unsupportedMediaType" }
  | { code: "bodyTooLarge"; limit: number }
  | { code: "routeNotFound" }
  | { code: "methodNotAllowed"; allow: readonly string[] }
  | { code: "crossSiteRefused" }
  | { code: "metricsTokenWrong" }
  | { code: "operatorTokenWrong" }
  | { code: "tooManyRequests"; retryAfterSeconds: number }
  | { code: "tooManyStreams" }
  | StreamTicketInvalid
  | { code: "idempotencyKeyUnusable"; detail: string }
  | { code: "idempotencyKeyReused" }
  | { code: "starting" }
  | { code: "databaseDown" }
  | { code: "internal"; incident: string };

/** Every way in which a call can fail for its caller. */
export type AppError = ServiceError | EdgeError;
export type AppErrorCode = AppError["code"];
