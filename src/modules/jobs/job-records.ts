import { z } from "zod";
import { SatsText } from "~/modules/pricing/quote-schema";

/** What a job was charged in the end, as its row keeps it. */
const ActualRecord = z.object({
  inputTokens: z.int(),
  outputTokens: z.int(),
  costUsd: z.number(),
  /** Charged for the work. */
  amountSats: SatsText,
  /** Paid for the work. */
  workAmountSats: SatsText,
  /** Paid by the pool. */
  absorbedSats: SatsText.default("0"),
  /** Paid by nobody, since the pool ran short of what it was expected to pay: our loss. */
  shortfallSats: SatsText.default("0"),
});
export type JobActual = z.infer<typeof ActualRecord>;

/** Null before the work is done. Throws on JSON that is not of this shape. */
export const parseActual = (json: unknown): JobActual | null => (json === null ? null : ActualRecord.parse(json));
