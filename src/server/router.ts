import { jobRouter } from "~/modules/jobs/job-router";
import { estimateRouter } from "./estimate-router";
import { router } from "./trpc";

export const appRouter = router({ jobs: jobRouter, estimate: estimateRouter });
export type AppRouter = typeof appRouter;
