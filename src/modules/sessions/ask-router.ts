import { idempotentProcedure, router, unwrap } from "~/server/trpc";
import { AskAnswer, AskSession } from "./session-schema";

export const askRouter = router({
  ask: idempotentProcedure
    .meta({
      openapi: {
        method: "POST",
        path: "/l402/ask",
        summary: "One answer for any L402 client: 402 with the price, then the answer once it is paid",
        tag: "L402",
        idempotent: true,
        credential: true,
        streamed: true,
        problems: [
          "requestMissing",
          "requestTooLong",
          "requestUnreadable",
          "paymentRequired",
          "credentialInvalid",
          "depositUnpaid",
          "tooManyRequests",
          "tooManyOpenOrders",
          "walletDown",
        ],
      },
    })
    .input(AskSession)
    .output(AskAnswer)
    .mutation(async ({ ctx, input: { request } }) => {
      const clientKey = ctx.clientKey();
      const asked = {
        request,
        authorization: ctx.header("authorization"),
        clientKey,
        pubkey: await ctx.identity(),
        countOrder: () => ctx.container.orderLimit(clientKey),
      };
      return unwrap(await ctx.container.asks.ask(asked, ctx.listener));
    }),
});
