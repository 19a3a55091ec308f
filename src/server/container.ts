import type { z } from "zod";
import type { Result } from "~/core/result";
import type { InTx, Tx } from "~/db/client";
import type { IllegalMove } from "~/modules/jobs/job";
import type { CreatedJob, JobFeedEvent, JobView, RefundAnswer, RefundTarget } from "~/modules/jobs/job-schema";
import type { Pricing } from "~/modules/pricing/pricing-service";
import type { PaymentHash, WalletFailure } from "~/ports/lightning-wallet";
import type { AppError } from "./app-error";
import type { Settings } from "./env";
import type { IdempotencyStore } from "./idempotency-store";
import type { Log } from "./log";
import type { RateLimit } from "./rate-limit";

/** Called inside the transaction that makes the thing: what it writes stands or falls with it. */
export type Keep<T> = (tx: Tx, answer: T) => Promise<void>;
type JobNotFound = { code: "jobNotFound" };
type TokenError = JobNotFound | { code: "refundTokenMissing" } | { code: "refundTokenWrong" };
type RefundError = Extract<
  AppError,
  {
    code:
      | "nothingOwed"
      | "payoutInFlight"
      | "refundTargetMissing"
      | "refundTargetUnusable"
      | "refundTargetReused"
      | "addressAmountOutOfRange";
  }
>;

/** What the edge asks of jobs. */
export type JobsAtTheEdge = {
  create(
    input: { request: string; clientKey: string },
    keep?: Keep<CreatedJob>,
  ): Promise<Result<CreatedJob, WalletFailure | { code: "tooManyOpenOrders"; limit: number }>>;
  view(id: string): Promise<Result<JobView, JobNotFound>>;
  cancel(id: string, refundToken: string | undefined): Promise<Result<JobView, TokenError | IllegalMove>>;
  refund(
    id: string,
    refundToken: string | undefined,
    target: z.infer<typeof RefundTarget>,
    keep?: Keep<RefundAnswer>,
  ): Promise<Result<RefundAnswer, TokenError | RefundError | WalletFailure>>;
  deleteText(id: string, refundToken: string | undefined): Promise<Result<JobView, TokenError | IllegalMove>>;
  /** Ends with the signal. `afterSeq` null: from now on, the present state first. */
  watch(id: string, afterSeq: number | null, signal: AbortSignal): AsyncIterable<{ seq: number; event: JobFeedEvent }>;
};

/** LUD-03. The reason of a failure is shown to the wallet's owner. */
export type WithdrawAtTheEdge = {
  /** What the code is good for, msat. */
  offer(
    k1: string,
  ): Promise<Result<{ amountMsat: number; description: string }, { code: "withdrawFailed"; reason: string }>>;
  claim(k1: string, paymentRequest: string): Promise<Result<null, { code: "withdrawFailed"; reason: string }>>;
};

/** Each part that a ready server needs, and whether it answers. */
export type Readiness = { database: boolean; queue: boolean; wallet: boolean };

/** The running app as the edge and the worker see it. */
export type Container = {
  settings: Settings;
  log: Log;
  jobs: JobsAtTheEdge;
  pricing: Pricing;
  withdraw: WithdrawAtTheEdge;
  /** Null where dev pay is off. */
  devPay:
    | ((hash: PaymentHash) => Promise<Result<{ preimage: string }, WalletFailure | { code: "invoiceNotPayable" }>>)
    | null;
  /** An unproven word that an invoice may be paid. Never throws, never waits. */
  onPaymentHint(hash: PaymentHash): void;
  /** Last part of the webhook's path: only the wallet knows it. */
  webhookSecret: string;
  idempotency: IdempotencyStore;
  inTx: InTx;
  orderLimit: RateLimit;
  readiness(): Promise<Readiness>;
  /** The parts that are simulated, in plain words. */
  simulated: readonly string[];
  close(): Promise<void>;
};
