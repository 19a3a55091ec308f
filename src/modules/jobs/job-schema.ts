import { z } from "zod";
import {
  Instant,
  InvoiceOnWire,
  OwedSats,
  PayoutOnWire,
  RefundAnswer,
  SatsOnWire,
} from "~/modules/orders/order-schema";
import { TrustTier } from "~/modules/trust/trust-schema";
import { JOB_STATES, type JobState } from "./job";
import { REQUEST_MAX_CHARACTERS, requestFault } from "./request-text";

/** What a visitor asks for, trimmed. A fault is an issue whose `params.code` is the problem's code. */
export const RequestText = z
  .preprocess(
    (given) => (typeof given === "string" ? given.trim() : (given ?? "")),
    z.string().superRefine((text, ctx) => {
      const fault = requestFault(text);
      if (fault) ctx.addIssue({ code: "custom", message: fault.message, params: fault });
    }),
  )
  .meta({
    description: `What Timmy should do: 1 to ${REQUEST_MAX_CHARACTERS} characters after trimming`,
    example: "Write a haiku about patience",
    override: { type: "string", minLength: 1, maxLength: REQUEST_MAX_CHARACTERS },
  });

const PricingBreakdown = z
  .object({
    estimatedInputTokens: z.int(),
    estimatedOutputTokens: z.int(),
    estimatedCostUsd: z.number().meta({ description: "The tokens alone" }),
    infraUsd: z.number(),
    marginPct: z.number(),
    btcPriceUsd: z.number(),
    quoteSats: SatsOnWire,
    absorbedSats: SatsOnWire,
    amountSats: SatsOnWire,
  })
  .meta({ id: "PricingBreakdown" });

const RefundState = z.enum(["not_applicable", "pending", "paid"]);

export const CostLedger = z
  .object({
    actualInputTokens: z.int(),
    actualOutputTokens: z.int(),
    totalTokens: z.int(),
    actualCostUsd: z.number().meta({ description: "The tokens alone" }),
    infraUsd: z.number(),
    marginPct: z.number(),
    btcPriceUsd: z.number().meta({ description: "Locked in when the work was quoted" }),
    actualAmountSats: SatsOnWire,
    workAmountSats: SatsOnWire,
    refundAmountSats: SatsOnWire,
    refundState: RefundState,
  })
  .meta({ id: "CostLedger" });

const JobStateOnWire = z.enum(JOB_STATES as [JobState, ...JobState[]]);

export const JobView = z
  .object({
    jobId: z.uuid(),
    state: JobStateOnWire,
    createdAt: Instant,
    updatedAt: Instant.meta({ description: "When the state last changed" }),
    trust_tier: TrustTier,
    /** Absent once the text was deleted. */
    request: z.string().optional(),
    owedSats: OwedSats,
    evalInvoice: InvoiceOnWire.optional(),
    workInvoice: InvoiceOnWire.optional(),
    pricingBreakdown: PricingBreakdown.optional(),
    result: z.string().optional().meta({ description: "The answer, Markdown" }),
    truncated: z.boolean().optional(),
    costLedger: CostLedger.optional(),
    free_tier: z
      .literal(true)
      .optional()
      .meta({ description: "The generosity pool paid a part of the work, or all of it" }),
    absorbed_sats: SatsOnWire.optional().meta({ description: "What the pool paid" }),
    reason: z.string().optional(),
    errorMessage: z.string().optional(),
    textDeleted: z.literal(true).optional(),
    payout: PayoutOnWire.optional(),
  })
  .meta({ id: "JobView" });
export type JobView = z.infer<typeof JobView>;

export const CreateJob = z.object({ request: RequestText });
export const CreatedJob = z
  .object({
    jobId: z.uuid(),
    state: JobStateOnWire,
    createdAt: Instant,
    refundToken: z.string().meta({ description: "Keep it: it alone moves this job's money" }),
    trust_tier: TrustTier,
    evalInvoice: InvoiceOnWire,
  })
  .meta({ id: "CreatedJob" });
export type CreatedJob = z.infer<typeof CreatedJob>;

const [toInvoice, toBalance, byCode] = RefundAnswer.options;
const withTier = { trust_tier: TrustTier };
/** Of an order that may be an identity's: it says what that is trusted with, as every answer about one does. */
export const JobRefund = z
  .union([toInvoice.extend(withTier), toBalance.extend(withTier), byCode.extend(withTier)])
  .meta({ id: "JobRefund" });
export type JobRefund = z.infer<typeof JobRefund>;

/**
 * What a watcher of a job is told. `state`: the whole view after a change. `delta`: a piece of the answer as it is
 * written. `restart`: the pieces so far are void, the work started over.
 */
export const JobFeedEvent = z.discriminatedUnion("type", [
  z.object({ type: z.literal("state"), job: JobView }),
  z.object({ type: z.literal("delta"), text: z.string() }),
  z.object({ type: z.literal("restart") }),
]);
export type JobFeedEvent = z.infer<typeof JobFeedEvent>;
