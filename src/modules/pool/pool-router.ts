import { procedure, router } from "~/server/trpc";
import { GrantsPage, PoolDays, PoolGrants, PoolReport } from "./pool-schema";

const tag = "Generosity pool";

export const poolRouter = router({
  report: procedure
    .meta({
      openapi: {
        method: "GET",
        path: "/pool",
        summary: "What the generosity pool holds, and what flowed in and out of it day by day",
        tag,
        problems: [],
      },
    })
    .input(PoolDays)
    .output(PoolReport)
    .query(({ ctx, input: { days } }) => ctx.container.poolReport.report(days)),

  grants: procedure
    .meta({
      openapi: {
        method: "GET",
        path: "/pool/grants",
        summary: "The public log of what the pool paid, the newest first: day and amount, nothing else",
        tag,
        problems: [],
      },
    })
    .input(GrantsPage)
    .output(PoolGrants)
    .query(({ ctx, input }) => ctx.container.poolReport.grants(input)),
});
