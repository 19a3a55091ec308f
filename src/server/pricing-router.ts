import { z } from "zod";
import { wireSats } from "~/core/money";
import { SatsOnWire } from "~/modules/orders/order-schema";
import { REQUEST_LENGTHS } from "~/modules/pricing/pricing";
import { DEPOSIT_RANGE } from "~/modules/sessions/session-schema";
import { procedure } from "./trpc";

const Rates = z.object({ inputUsdPerMtok: z.number(), outputUsdPerMtok: z.number() });

const PriceList = z.object({
  evalFeeSats: SatsOnWire,
  requests: z
    .array(
      z.object({
        upToCharacters: z.int(),
        jobSats: SatsOnWire.meta({ description: "At most; the eval fee is paid besides" }),
        sessionSats: SatsOnWire.meta({ description: "At most, judging included" }),
      }),
    )
    .meta({ description: "By the length of the request" }),
  session: z.object({ leastSats: SatsOnWire, mostSats: SatsOnWire }),
  bootstrapFeeSats: SatsOnWire,
  poolCreditPct: z.number().meta({ description: "Of what is charged for work, to the generosity pool" }),
  rates: z.object({ judge: Rates, work: Rates }),
  infraUsd: z.number().meta({ description: "For one request, margin not included" }),
  marginPct: z.number(),
  btcPriceUsd: z.number(),
});

/** What everything costs now, by the settings and prices of this moment. */
export const pricingRouter = procedure
  .meta({
    openapi: { method: "GET", path: "/pricing", summary: "What everything costs", tag: "Pricing", problems: [] },
  })
  .output(PriceList)
  .query(async ({ ctx: { container } }) => {
    const { pricing, settings, bootstrap } = container;
    const terms = await pricing.terms();
    const requests = await Promise.all(
      REQUEST_LENGTHS.map(async (upToCharacters) => {
        const request = "x".repeat(upToCharacters);
        const [job, session] = await Promise.all([
          pricing.quote(request, ["work"]),
          pricing.quote(request, ["judge", "work"]),
        ]);
        return { upToCharacters, jobSats: wireSats(job.quoteSats), sessionSats: wireSats(session.quoteSats) };
      }),
    );
    return {
      evalFeeSats: settings.evalFeeSats,
      requests,
      session: DEPOSIT_RANGE,
      bootstrapFeeSats: (await bootstrap.offer()).feeSats,
      poolCreditPct: settings.poolCreditPct,
      rates: terms.rates,
      infraUsd: terms.infraUsd,
      marginPct: terms.marginPct,
      btcPriceUsd: terms.btcPriceUsd,
    };
  });
