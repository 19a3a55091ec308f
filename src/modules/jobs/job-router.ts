import { tracked } from "@trpc/server";
import { z } from "zod";
import { procedure, router, unwrap } from "~/server/trpc";
import { CreatedJob, CreateJob, JobFeedEvent, JobView, RefundAnswer, RefundTarget } from "./job-schema";

const tag = "Jobs";
const JobId = z.object({ jobId: z.string() });
const WithToken = JobId.extend({ refundToken: z.string().max(200).optional() });

export const jobRouter = router({
  create: procedure
    .meta({
      openapi: {
        method: "POST",
        path: "/jobs",
        summary: "Ask for something",
        tag,
        status: 201,
        idempotent: true,
        problems: [
          "requestMissing",
          "requestTooLong",
          "requestUnreadable",
          "tooManyRequests",
          "tooManyOpenOrders",
          "walletDown",
        ],
      },
    })
    .input(CreateJob)
    .output(CreatedJob)
    .mutation(async ({ ctx, input }) =>
      unwrap(await ctx.container.jobs.create({ request: input.request, clientKey: ctx.clientKey() })),
    ),

  /** Whoever knows the id may read. Enough to drive the whole flow: it notices payment by itself. */
  get: procedure
    .meta({
      openapi: { method: "GET", path: "/jobs/{jobId}", summary: "How a job stands", tag, problems: ["jobNotFound"] },
    })
    .input(JobId)
    .output(JobView)
    .query(async ({ ctx, input }) => unwrap(await ctx.container.jobs.view(input.jobId))),

  cancel: procedure
    .meta({
      openapi: {
        method: "POST",
        path: "/jobs/{jobId}/cancel",
        summary: "Give up an unpaid job",
        tag,
        refundToken: true,
        problems: ["jobNotFound", "refundTokenMissing", "refundTokenWrong", "illegalMove"],
      },
    })
    .input(WithToken)
    .output(JobView)
    .mutation(async ({ ctx, input }) => unwrap(await ctx.container.jobs.cancel(input.jobId, input.refundToken))),

  refund: procedure
    .meta({
      openapi: {
        method: "POST",
        path: "/jobs/{jobId}/refund",
        summary: "Claim what is owed",
        tag,
        idempotent: true,
        refundToken: true,
        problems: [
          "jobNotFound",
          "refundTokenMissing",
          "refundTokenWrong",
          "refundTargetMissing",
          "refundTargetUnusable",
          "refundTargetReused",
          "addressAmountOutOfRange",
          "nothingOwed",
          "payoutInFlight",
          "walletDown",
        ],
      },
    })
    .input(WithToken.extend(RefundTarget.shape))
    .output(RefundAnswer)
    .mutation(async ({ ctx, input: { jobId, refundToken, ...target } }) =>
      unwrap(await ctx.container.jobs.refund(jobId, refundToken, target)),
    ),

  deleteText: procedure
    .meta({
      openapi: {
        method: "DELETE",
        path: "/jobs/{jobId}",
        summary: "Delete the text of request and result",
        tag,
        refundToken: true,
        problems: ["jobNotFound", "refundTokenMissing", "refundTokenWrong", "illegalMove"],
      },
    })
    .input(WithToken)
    .output(JobView)
    .mutation(async ({ ctx, input }) => unwrap(await ctx.container.jobs.deleteText(input.jobId, input.refundToken))),

  /** Every change as it happens. A lost connection resumes after the last event that arrived. */
  watch: procedure.input(JobId.extend({ lastEventId: z.string().nullish() })).subscription(async function* ({
    ctx,
    input,
    signal,
  }) {
    const afterSeq = input.lastEventId ? Number(input.lastEventId) : null;
    unwrap(await ctx.container.jobs.view(input.jobId));
    const ended = signal ?? new AbortController().signal;
    for await (const { seq, event } of ctx.container.jobs.watch(input.jobId, afterSeq, ended)) {
      yield tracked(String(seq), JobFeedEvent.parse(event));
    }
  }),
});
