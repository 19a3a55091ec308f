import { z } from "zod";
import type { PriceTerms } from "./pricing";

const usd = z.number().nonnegative();
const tokenRates = z.object({ inputUsdPerMtok: usd, outputUsdPerMtok: usd });

/** The terms as an order keeps them, in JSON. */
export const priceTermsSchema = z.object({
  rates: z.object({ judge: tokenRates, work: tokenRates }),
  infraUsd: usd,
  marginPct: usd,
  btcPriceUsd: z.number().positive(),
}) satisfies z.ZodType<PriceTerms>;
