import { z } from "zod";
import { sats } from "~/core/money";
import type { Quote } from "~/modules/pricing/pricing";
import { priceTermsSchema } from "~/modules/pricing/pricing-schema";

/** The quote as a job's row keeps it: amounts as decimal text, since JSON has no exact integers. */
const SatsText = z.string().regex(/^\d+$/);
const QuoteRecord = z.object({
  estimatedInputTokens: z.int(),
  estimatedOutputTokens: z.int(),
  maxTokens: z.int(),
  estimatedCostUsd: z.number(),
  infraUsd: z.number(),
  marginPct: z.number(),
  btcPriceUsd: z.number(),
  quoteSats: SatsText,
  terms: priceTermsSchema,
});
export type JobQuote = z.infer<typeof QuoteRecord>;

const ActualRecord = z.object({
  inputTokens: z.int(),
  outputTokens: z.int(),
  costUsd: z.number(),
  /** Charged for the work. */
  amountSats: SatsText,
  /** Paid for the work. */
  workAmountSats: SatsText,
});
export type JobActual = z.infer<typeof ActualRecord>;

export const parseQuote = (json: unknown): JobQuote | null => (json === null ? null : QuoteRecord.parse(json));
export const parseActual = (json: unknown): JobActual | null => (json === null ? null : ActualRecord.parse(json));

export const toRecord = (quote: Quote): JobQuote => ({ ...quote, quoteSats: quote.quoteSats.toString() });
export const fromRecord = (record: JobQuote): Quote => ({ ...record, quoteSats: sats(BigInt(record.quoteSats)) });
