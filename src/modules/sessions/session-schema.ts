import { z } from "zod";
import { CostLedger, RequestText } from "~/modules/jobs/job-schema";
import {
  Instant,
  InvoiceOnWire,
  OwedSats,
  PayoutOnWire,
  RefundAnswer,
  SatsOnWire,
} from "~/modules/orders/order-schema";
import { TrustTier } from "~/modules/trust/trust-schema";
import {
  LEAST_DEPOSIT_SATS,
  MOST_DEPOSIT_SATS,
  REQUEST_STATES,
  type RequestState,
  SHOWN_STATES,
  type ShownState,
} from "./session";

const SessionStateOnWire = z.enum(SHOWN_STATES as [ShownState, ...ShownState[]]).meta({
  description: "`paused` is shown while the balance is below the price of the cheapest request; it forbids nothing",
});
const RequestStateOnWire = z.enum(REQUEST_STATES as [RequestState, ...RequestState[]]);

/** What may be paid in at once. */
export const DEPOSIT_RANGE = { leastSats: LEAST_DEPOSIT_SATS, mostSats: MOST_DEPOSIT_SATS } as const;
const DepositSats = z.int().min(LEAST_DEPOSIT_SATS).max(MOST_DEPOSIT_SATS).meta({ example: 500 });

export const CreateSession = z.object({ amountSats: DepositSats });
export const CreatedSession = z.object({
  sessionId: z.uuid(),
  state: SessionStateOnWire,
  createdAt: Instant,
  trust_tier: TrustTier,
  macaroon: z.string().meta({
    description: "The credential: `Authorization: Bearer <macaroon>`. It opens nothing before the deposit is paid",
  }),
  refundToken: z.string().meta({ description: "Keep it: it alone closes the session and moves what is owed" }),
  depositInvoice: InvoiceOnWire,
});
export type CreatedSession = z.infer<typeof CreatedSession>;

export const Topup = z.object({ amountSats: DepositSats });
export const CreatedTopup = z.object({
  sessionId: z.uuid(),
  trust_tier: TrustTier,
  topupInvoice: InvoiceOnWire,
});
export type CreatedTopup = z.infer<typeof CreatedTopup>;

/** A session without its history. */
export const SessionSummary = z.object({
  sessionId: z.uuid(),
  state: SessionStateOnWire,
  createdAt: Instant,
  updatedAt: Instant.meta({ description: "When the state last changed" }),
  trust_tier: TrustTier,
  balanceSats: SatsOnWire.meta({ description: "What may be spent; what running requests hold is not included" }),
  owedSats: OwedSats,
  pendingTopup: InvoiceOnWire.nullable(),
  payout: PayoutOnWire.optional(),
});
export type SessionSummary = z.infer<typeof SessionSummary>;

const AskedText = z.string().optional().meta({ description: "What was asked; absent once the text was deleted" });

export const HISTORY_PAGE = 20;
export const HistoryPage = z.object({
  cursor: z.uuid().optional().meta({ description: "`nextCursor` of the page before" }),
  limit: z.coerce.number().int().min(1).max(100).default(HISTORY_PAGE),
});

export const SessionView = SessionSummary.extend({
  requests: z.array(
    z.object({
      requestId: z.uuid(),
      createdAt: Instant,
      state: RequestStateOnWire,
      request: AskedText,
      debitedSats: SatsOnWire,
    }),
  ),
  nextCursor: z.uuid().nullable().meta({ description: "Of the next page; null on the last one" }),
});
export type SessionView = z.infer<typeof SessionView>;

/** The session as a page watches it: with its newest requests, and with the deposit while that is to be paid. */
export const WatchedSession = SessionView.extend({ depositInvoice: InvoiceOnWire.nullable() });
export type WatchedSession = z.infer<typeof WatchedSession>;

export const AskSession = z.object({ request: RequestText });

/** What a request of a session really cost, judging included. */
const SessionCostLedger = CostLedger.omit({
  workAmountSats: true,
  refundAmountSats: true,
  refundState: true,
}).extend({ quoteSats: SatsOnWire.meta({ description: "The ceiling that was held" }) });

export const RequestAnswer = z.object({
  requestId: z.uuid(),
  sessionId: z.uuid(),
  state: RequestStateOnWire,
  createdAt: Instant,
  trust_tier: TrustTier,
  request: AskedText,
  result: z.string().optional().meta({ description: "The answer, Markdown" }),
  truncated: z.boolean().optional(),
  reason: z.string().optional(),
  errorMessage: z.string().optional(),
  textDeleted: z.literal(true).optional(),
  debitedSats: SatsOnWire,
  balanceSats: SatsOnWire,
  /** Absent while the request is running. */
  costLedger: SessionCostLedger.optional(),
  free_tier: z.literal(true).optional(),
  absorbed_sats: SatsOnWire.optional(),
});
export type RequestAnswer = z.infer<typeof RequestAnswer>;

/** One answer that was sold singly. */
export const AskAnswer = RequestAnswer.extend({
  owedSats: SatsOnWire.meta({ description: "Change, to be claimed with `refundToken`" }),
  refundToken: z.string(),
});
export type AskAnswer = z.infer<typeof AskAnswer>;

const [toInvoice, toBalance, byCode] = RefundAnswer.options;
const withTier = { trust_tier: TrustTier };
export const SessionRefund = z
  .union([toInvoice.extend(withTier), toBalance.extend(withTier), byCode.extend(withTier)])
  .meta({ id: "SessionRefund" });
export type SessionRefund = z.infer<typeof SessionRefund>;
