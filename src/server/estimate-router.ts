import { z } from "zod";
import { wireSats } from "~/core/money";
import { RequestText } from "~/modules/jobs/job-schema";
import { SatsOnWire } from "~/modules/orders/order-schema";
import { TRUST_TIERS, type TrustTier } from "~/modules/trust/trust";
import { TrustTier as TrustTierOnWire } from "~/modules/trust/trust-schema";
import { procedure } from "./trpc";

const Estimate = z.object({
  estimatedSats: SatsOnWire.meta({ description: "What a job's `quoteSats` would be" }),
  evalFeeSats: SatsOnWire,
  sessionEstimatedSats: SatsOnWire.meta({ description: "Judging and work in one, as a session pays it" }),
  btcPriceUsd: z.number(),
  tokenEstimate: z.object({ inputTokens: z.int(), outputTokens: z.int() }),
  identity: z.object({
    trust_tier: TrustTierOnWire,
    free_tier: z
      .object({ serve: z.enum(["free", "partial", "gate"]), absorbSats: SatsOnWire, chargeSats: SatsOnWire })
      .meta({
        description: "What the generosity pool would pay of `estimatedSats` now, and what would be left to pay",
      }),
  }),
  pool: z.object({
    balanceSats: SatsOnWire.meta({ description: "What the generosity pool may still give" }),
    dailyBudgets: z
      .object(Object.fromEntries(TRUST_TIERS.map((tier) => [tier, SatsOnWire])) as Record<TrustTier, typeof SatsOnWire>)
      .meta({ description: "Free work in sats, a UTC day, for each tier" }),
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
  .query(async ({ ctx: { container, identity }, input: { request } }) => {
    const [job, session] = await Promise.all([
      container.pricing.quote(request, ["work"]),
      container.pricing.quote(request, ["judge", "work"]),
    ]);
    const { tier, decision, balanceSats, dailyBudgetSats } = await container.freeTierOffer(
      await identity(),
      job.quoteSats,
    );
    const budgets = TRUST_TIERS.map((name) => [name, wireSats(dailyBudgetSats[name])]);
    return {
      estimatedSats: wireSats(job.quoteSats),
      evalFeeSats: container.settings.evalFeeSats,
      sessionEstimatedSats: wireSats(session.quoteSats),
      btcPriceUsd: job.btcPriceUsd,
      tokenEstimate: { inputTokens: job.estimatedInputTokens, outputTokens: job.estimatedOutputTokens },
      identity: {
        trust_tier: tier,
        free_tier: {
          serve: decision.serve,
          absorbSats: wireSats(decision.absorbSats),
          chargeSats: wireSats(decision.chargeSats),
        },
      },
      pool: {
        balanceSats: wireSats(balanceSats),
        dailyBudgets: Object.fromEntries(budgets) as Record<TrustTier, number>,
      },
    };
  });
