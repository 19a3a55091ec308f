import { z } from "zod";
import { wireSats } from "~/core/money";
import { RequestText, SatsOnWire, TrustTier } from "~/modules/jobs/job-schema";
import { procedure } from "./trpc";

const Estimate = z.object({
  estimatedSats: SatsOnWire.meta({ description: "What a job's `quoteSats` would be" }),
  evalFeeSats: SatsOnWire,
  sessionEstimatedSats: SatsOnWire.meta({ description: "Judging and work in one, as a session pays it" }),
  btcPriceUsd: z.number(),
  tokenEstimate: z.object({ inputTokens: z.int(), outputTokens: z.int() }),
  identity: z.object({
    trust_tier: TrustTier,
    free_tier: z.object({ serve: z.enum(["free", "partial", "gate"]), absorbSats: SatsOnWire, chargeSats: SatsOnWire }),
  }),
});

/** What a request would cost now. Changes nothing; asked again with every few letters typed. */
export const estimateRouter = procedure
  .meta({
    openapi: {
      method: "GET",
      path: "/estimate",
      summary: "What a request would cost",
      tag: "Pricing",
      problems: ["requestMissing", "requestTooLong", "requestUnreadable"],
    },
  })
  .input(z.object({ request: RequestText }))
  .output(Estimate)
  .query(async ({ ctx: { container }, input: { request } }) => {
    const [job, session] = await Promise.all([
      container.pricing.quote(request, ["work"]),
      container.pricing.quote(request, ["judge", "work"]),
    ]);
    const estimatedSats = wireSats(job.quoteSats);
    return {
      estimatedSats,
      evalFeeSats: container.settings.evalFeeSats,
      sessionEstimatedSats: wireSats(session.quoteSats),
      btcPriceUsd: job.btcPriceUsd,
      tokenEstimate: { inputTokens: job.estimatedInputTokens, outputTokens: job.estimatedOutputTokens },
      // Nobody is known by name yet, so nobody has a budget.
      identity: { trust_tier: "anonymous", free_tier: { serve: "gate", absorbSats: 0, chargeSats: estimatedSats } },
    };
  });
