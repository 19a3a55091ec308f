import { tracked } from "@trpc/server";
import { z } from "zod";
import { RefundAnswer, RefundTarget, StreamTicket } from "~/modules/orders/order-schema";
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
import { BootstrapOffer, BootstrapView, CreatedBootstrap, WatchedBootstrap } from "./bootstrap-schema";

const tag = "Nodes";
const OrderId = z.object({ bootstrapJobId: z.string() });
const OrderIdAndToken = OrderId.extend({ refundToken: z.string().max(200).optional() });
const byToken = ["bootstrapNotFound", "refundTokenMissing", "refundTokenWrong"] as const;

export const bootstrapRouter = router({
  create: idempotentProcedure
    .meta({
      openapi: {
        method: "POST",
        path: "/bootstrap",
        summary: "Order a Bitcoin and Lightning node: the answer holds the invoice of its fee",
        tag,
        status: 201,
        idempotent: true,
        problems: ["bootstrapUnavailable", "tooManyRequests", "tooManyOpenOrders", "walletDown"],
      },
    })
    .input(z.object({}))
    .output(CreatedBootstrap)
    .use(orderLimited)
    .mutation(async ({ ctx }) => {
      const order = { clientKey: ctx.clientKey(), pubkey: await ctx.identity(), origin: ctx.origin() };
      return unwrap(await ctx.container.bootstrap.create(order, ctx.keep));
    }),

  /** A HEAD request reads no body: it must not use up the only answer that has the key. */
  get: procedure
    .meta({
      openapi: {
        method: "GET",
        path: "/bootstrap/{bootstrapJobId}",
        summary:
          "The state of a node: notices payment by itself; once it is ready, the first answer has the private key",
        tag,
        refundToken: true,
        problems: byToken,
      },
    })
    .input(OrderId)
    .output(BootstrapView)
    .query(async ({ ctx, input: { bootstrapJobId } }) => {
      const { bootstrap } = ctx.container;
      const token = refundTokenOf(ctx, {});
      if (ctx.method === "HEAD") return unwrap(await bootstrap.peek(bootstrapJobId, token, ctx.origin()));
      return unwrap(await bootstrap.view(bootstrapJobId, token, ctx.origin()));
    }),

  refund: idempotentProcedure
    .meta({
      openapi: {
        method: "POST",
        path: "/bootstrap/{bootstrapJobId}/refund",
        summary: "Claim what is owed: to an invoice, a Lightning address or a session, or by a withdraw code",
        tag,
        idempotent: true,
        refundToken: true,
        problems: [...byToken, ...REFUND_PROBLEMS],
      },
    })
    .input(OrderIdAndToken.extend(RefundTarget.shape))
    .output(RefundAnswer)
    .mutation(async ({ ctx, input: { bootstrapJobId, refundToken, ...target } }) => {
      const token = refundTokenOf(ctx, { refundToken });
      const way = unwrap(refundWay(target, ctx.origin()));
      return unwrap(await ctx.container.bootstrap.refund(bootstrapJobId, token, way, ctx.keep));
    }),

  /** For the page, before anything is ordered. */
  offer: procedure.output(BootstrapOffer).query(({ ctx }) => ctx.container.bootstrap.offer()),

  /** For the page: shows the order and takes nothing. The token comes in a header. */
  peek: procedure
    .input(OrderId)
    .output(WatchedBootstrap)
    .query(async ({ ctx, input: { bootstrapJobId } }) =>
      unwrap(await ctx.container.bootstrap.peek(bootstrapJobId, refundTokenOf(ctx, {}), ctx.origin())),
    ),

  /** For one live connection of the page. */
  ticket: procedure
    .input(OrderIdAndToken)
    .output(StreamTicket)
    .mutation(async ({ ctx, input }) => {
      unwrap(await ctx.container.bootstrap.guard(input.bootstrapJobId, refundTokenOf(ctx, input)));
      return ctx.container.streamTickets.issue(input.bootstrapJobId);
    }),

  /** Every change as it happens, and never the key. A lost connection comes back with a ticket of its own. */
  watch: procedure
    .input(OrderId.extend({ ticket: z.string().max(200), lastEventId: z.string().max(20).nullish() }))
    .subscription(async function* ({ ctx, input: { bootstrapJobId, ticket, lastEventId }, signal }) {
      const left = signal ?? new AbortController().signal;
      const afterSeq = lastEventId && /^\d{1,9}$/.test(lastEventId) ? Number(lastEventId) : null;
      const release = takeStreamSlot(ctx);
      try {
        unwrap(await ctx.container.streamTickets.redeem(ticket, bootstrapJobId));
        const changes = ctx.container.bootstrap.watch(bootstrapJobId, afterSeq, ctx.origin(), left);
        for await (const { seq, order } of changes) yield tracked(String(seq), WatchedBootstrap.parse(order));
      } finally {
        release();
      }
    }),
});
