import {
  NodeStatus,
  RetriedTask,
  RetryTask,
  SettledPayout,
  SettlePayout,
  ToppedUpPool,
  TopUpPool,
} from "~/modules/operator/operator-schema";
import { operatorAct, operatorProcedure } from "./operator-auth";
import { router, unwrap } from "./trpc";

const tag = "Operator";
const forOperator = ["crossSiteRefused", "operatorTokenWrong", "tooManyRequests"] as const;

/** The operator's room. Whatever is done here by hand is kept with its reason. */
export const adminRouter = router({
  nodeStatus: operatorProcedure
    .meta({
      openapi: {
        method: "GET",
        path: "/admin/node-status",
        summary: "The state of everything: wallet, queue, processes, money; each problem with what to do about it",
        tag,
        operator: true,
        problems: forOperator,
      },
    })
    .output(NodeStatus)
    .query(({ ctx }) => ctx.container.operatorStatus()),

  settlePayout: operatorAct
    .meta({
      openapi: {
        method: "POST",
        path: "/admin/payouts/{payoutId}/settle",
        summary: "Settle a stuck payout by hand; the wallet is asked first and never contradicted",
        tag,
        operator: true,
        idempotent: true,
        problems: [
          ...forOperator,
          "payoutNotFound",
          "payoutNotOpen",
          "payoutUncertain",
          "walletKnowsBetter",
          "preimageNeeded",
          "walletDown",
        ],
      },
    })
    .input(SettlePayout)
    .output(SettledPayout)
    .mutation(async ({ ctx, input }) => unwrap(await ctx.container.operator.settlePayout(input, ctx.keep))),

  topUpPool: operatorAct
    .meta({
      openapi: {
        method: "POST",
        path: "/admin/pool/topup",
        summary: "Commit more sats to the generosity pool",
        tag,
        operator: true,
        idempotent: true,
        problems: forOperator,
      },
    })
    .input(TopUpPool)
    .output(ToppedUpPool)
    .mutation(({ ctx, input }) => ctx.container.operator.topUpPool(input, ctx.keep)),

  retryTask: operatorAct
    .meta({
      openapi: {
        method: "POST",
        path: "/admin/tasks/{taskId}/retry",
        summary: "Retry a failed background task now",
        tag,
        operator: true,
        idempotent: true,
        problems: [...forOperator, "taskNotWaiting"],
      },
    })
    .input(RetryTask)
    .output(RetriedTask)
    .mutation(async ({ ctx, input }) => unwrap(await ctx.container.operator.retryTask(input, ctx.keep))),
});
