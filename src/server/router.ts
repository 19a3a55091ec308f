import { bootstrapRouter } from "~/modules/bootstrap/bootstrap-router";
import { demoRouter } from "~/modules/demo/demo-router";
import { identityRouter } from "~/modules/identity/identity-router";
import { jobRouter } from "~/modules/jobs/job-router";
import { poolRouter } from "~/modules/pool/pool-router";
import { askRouter } from "~/modules/sessions/ask-router";
import { sessionRouter } from "~/modules/sessions/session-router";
import { workshopRouter } from "~/modules/workshop/workshop-router";
import { adminRouter } from "./admin-router";
import { estimateRouter } from "./estimate-router";
import { pricingRouter } from "./pricing-router";
import { router } from "./trpc";

export const appRouter = router({
  jobs: jobRouter,
  sessions: sessionRouter,
  l402: askRouter,
  bootstrap: bootstrapRouter,
  identity: identityRouter,
  estimate: estimateRouter,
  pricing: pricingRouter,
  pool: poolRouter,
  demo: demoRouter,
  workshop: workshopRouter,
  admin: adminRouter,
});
export type AppRouter = typeof appRouter;
