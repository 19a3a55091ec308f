import { tracked } from "@trpc/server";
import { z } from "zod";
import { RefundTarget } from "~/modules/orders/order-schema";
import { REFUND_PROBLEMS, refundWay } from "~/modules/payouts/refund-wire-service";
import {
  idempotentProcedure,
  orderLimited,
  procedure,
  refundTokenOf,
  router,
  takeStreamSlot,
  unwrap,
} from "~/server/trpc";
import { CreatedJob, CreateJob, JobFeedEvent, JobRefund, JobView } from "./job-schema";

const tag = "Jobs";
const JobId = z.object({ jobId: z.string() });
const JobIdAndToken = JobId.extend({ refundToken: z.string().max(200).optional() });
const byToken = ["jobNotFound", "refundTokenMissing", "refundTokenWrong"] as const;

export const jobRouter = router({
  create: idempotentProcedure
    .meta({
      openapi: {
        method: "POST",
        path: "/jobs",
        summary: "Ask for something: the answer holds the invoice for judging it",
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
    .use(orderLimited)
    .mutation(async ({ ctx, input: { request } }) =>
      unwrap(
        await ctx.container.jobs.create(
          { request, clientKey: ctx.clientKey(), pubkey: await ctx.identity() },
          ctx.keep,
        ),
      ),
    ),

  get: procedure
    .meta({
      openapi: {
        method: "GET",
        path: "/jobs/{jobId}",
        summary: "The state of a job: enough to drive the whole flow, since it notices payment by itself",
        tag,
        problems: ["jobNotFound"],
      },
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
        problems: [...byToken, "illegalMove"],
      },
    })
    .input(JobIdAndToken)
    .output(JobView)
    .mutation(async ({ ctx, input }) =>
      unwrap(await ctx.container.jobs.cancel(input.jobId, refundTokenOf(ctx, input))),
    ),

  refund: idempotentProcedure
    .meta({
      openapi: {
        method: "POST",
        path: "/jobs/{jobId}/refund",
        summary: "Claim what is owed: to an invoice, a Lightning address or a session, or by a withdraw code",
        tag,
        idempotent: true,
        refundToken: true,
        problems: [...byToken, ...REFUND_PROBLEMS],
      },
    })
    .input(JobIdAndToken.extend(RefundTarget.shape))
    .output(JobRefund)
    .mutation(async ({ ctx, input: { jobId, refundToken, ...target } }) => {
      const token = refundTokenOf(ctx, { refundToken });
      const way = unwrap(refundWay(target, ctx.origin()));
      return unwrap(await ctx.container.jobs.refund(jobId, token, way, ctx.keep));
    }),

  deleteText: procedure
    .meta({
      openapi: {
        method: "DELETE",
        path: "/jobs/{jobId}",
        summary: "Delete the text of the request and its result at once",
        tag,
        refundToken: true,
        problems: [...byToken, "jobInProgress"],
      },
    })
    .input(JobIdAndToken)
    .output(JobView)
    .mutation(async ({ ctx, input }) =>
      unwrap(await ctx.container.jobs.deleteText(input.jobId, refundTokenOf(ctx, input))),
    ),

  /** Every change as it happens. A lost connection resumes after the last event that arrived. */
  watch: procedure.input(JobId.extend({ lastEventId: z.string().max(20).nullish() })).subscription(async function* ({
    ctx,
    input: { jobId, lastEventId },
    signal,
  }) {
    const left = signal ?? new AbortController().signal;
    const afterSeq = lastEventId && /^\d{1,9}$/.test(lastEventId) ? Number(lastEventId) : null;
    const release = takeStreamSlot(ctx);
    try {
      unwrap(await ctx.container.jobs.view(jobId));
      for await (const { seq, event } of ctx.container.jobs.watch(jobId, afterSeq, left)) {
        yield tracked(String(seq), JobFeedEvent.parse(event));
      }
    } finally {
      release();
    }
  }),
});
