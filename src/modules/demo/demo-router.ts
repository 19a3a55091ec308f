import { z } from "zod";
import { RequestText } from "~/modules/jobs/job-schema";
import { procedure, unwrap } from "~/server/trpc";
import { DemoAnswer } from "./demo-schema";

/** A question for nothing, to see how Timmy answers. */
export const demoRouter = procedure
  .meta({
    openapi: {
      method: "GET",
      path: "/demo",
      summary: "A free taste: a short answer by the cheap model, a few an hour",
      tag: "Demo",
      problems: [
        "requestMissing",
        "requestTooLong",
        "requestUnreadable",
        "demoRefused",
        "tooManyRequests",
        "modelUnavailable",
      ],
    },
  })
  .input(z.object({ request: RequestText }))
  .output(DemoAnswer)
  .query(async ({ ctx, input }) => unwrap(await ctx.container.demo.taste(ctx.clientKey(), input.request)));
