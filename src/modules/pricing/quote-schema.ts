import { z } from "zod";
import { sats } from "~/core/money";
import type { Quote } from "./pricing";
import { priceTermsSchema } from "./pricing-schema";

/** Amounts as decimal text, since JSON has no exact integers. */
export const SatsText = z.string().regex(/^\d+$/);

/** A quote as an order's row keeps it, in JSON. */
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
export type QuoteRecord = z.infer<typeof QuoteRecord>;

/** Null before anything is quoted. Throws on JSON that is not of this shape. */
export const parseQuote = (json: unknown): QuoteRecord | null => (json === null ? null : QuoteRecord.parse(json));
/** To what a row keeps. */
export const toRecord = (quote: Quote): QuoteRecord => ({ ...quote, quoteSats: quote.quoteSats.toString() });
/** And back. */
export const fromRecord = (record: QuoteRecord): Quote => ({ ...record, quoteSats: sats(BigInt(record.quoteSats)) });
