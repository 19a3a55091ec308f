import { tracked } from "@trpc/server";
import { z } from "zod";
import { RefundTarget, StreamTicket } from "~/modules/orders/order-schema";
import { REFUND_PROBLEMS, refundWay } from "~/modules/payouts/refund-wire-service";
import {
  type Context,
  idempotentProcedure,
  orderLimited,
  procedure,
  refundTokenOf,
  router,
  takeStreamSlot,
  unwrap,
} from "~/server/trpc";
import {
  AskSession,
  CreatedSession,
  CreatedTopup,
  CreateSession,
  HistoryPage,
  RequestAnswer,
  SessionRefund,
  SessionSummary,
  SessionView,
  Topup,
  WatchedSession,
} from "./session-schema";

const tag = "Sessions";
/** Not `sessionId`: that is a field of a refund, for where the sats go. */
const SessionId = z.object({ id: z.string() });
const SessionIdAndToken = SessionId.extend({ refundToken: z.string().max(200).optional() });
const byCredential = ["sessionNotFound", "credentialMissing", "credentialInvalid", "depositUnpaid"] as const;
const byToken = ["sessionNotFound", "refundTokenMissing", "refundTokenWrong"] as const;

/** Whoever wants to watch proves that they may, by headers or in the body. */
const proofsIn = (ctx: Context, input: { refundToken?: string | undefined }) => ({
  authorization: ctx.header("authorization"),
  refundToken: refundTokenOf(ctx, input),
});

export const sessionRouter = router({
  create: idempotentProcedure
    .meta({
      openapi: {
        method: "POST",
        path: "/sessions",
        summary: "Open a prepaid session: the answer holds its credential and the invoice of the deposit",
        tag,
        status: 201,
        idempotent: true,
        problems: ["tooManyRequests", "tooManyOpenOrders", "walletDown"],
      },
    })
    .input(CreateSession)
    .output(CreatedSession)
    .use(orderLimited)
    .mutation(async ({ ctx, input: { amountSats } }) => {
      const order = { amountSats, clientKey: ctx.clientKey(), pubkey: await ctx.identity() };
      return unwrap(await ctx.container.sessions.create(order, ctx.keep));
    }),

  get: procedure
    .meta({
      openapi: {
        method: "GET",
        path: "/sessions/{id}",
        summary: "The state of a session and its requests, newest first",
        tag,
        credential: true,
        problems: byCredential,
      },
    })
    .input(SessionId.extend(HistoryPage.shape))
    .output(SessionView)
    .query(async ({ ctx, input: { id, ...page } }) =>
      unwrap(await ctx.container.sessions.view(id, ctx.header("authorization"), page)),
    ),

  request: idempotentProcedure
    .meta({
      openapi: {
        method: "POST",
        path: "/sessions/{id}/request",
        summary: "Ask for something: judged and done in one call, paid from the balance, answered when it is done",
        tag,
        idempotent: true,
        credential: true,
        streamed: true,
        problems: [
          ...byCredential,
          "requestMissing",
          "requestTooLong",
          "requestUnreadable",
          "balanceTooLow",
          "sessionNotActive",
        ],
      },
    })
    .input(SessionId.extend(AskSession.shape))
    .output(RequestAnswer)
    .mutation(async ({ ctx, input: { id, request } }) => {
      const asked = { request, onceKey: ctx.onceKey ?? null };
      const authorization = ctx.header("authorization");
      // Whoever loses the stream finds the answer there.
      const listener = ctx.listener && {
        ...ctx.listener,
        begun(requestId: string) {
          ctx.answerHeaders["Content-Location"] = `/api/sessions/${id}/requests/${requestId}`;
          ctx.listener?.begun();
        },
      };
      return unwrap(await ctx.container.sessions.request(id, authorization, asked, listener));
    }),

  getRequest: procedure
    .meta({
      openapi: {
        method: "GET",
        path: "/sessions/{id}/requests/{requestId}",
        summary: "One request of a session and its answer, even if the connection that asked for it broke",
        tag,
        credential: true,
        problems: [...byCredential, "requestNotFound"],
      },
    })
    .input(SessionId.extend({ requestId: z.string() }))
    .output(RequestAnswer)
    .query(async ({ ctx, input: { id, requestId } }) =>
      unwrap(await ctx.container.sessions.viewRequest(id, ctx.header("authorization"), requestId)),
    ),

  topup: idempotentProcedure
    .meta({
      openapi: {
        method: "POST",
        path: "/sessions/{id}/topup",
        summary: "Ask for an invoice that adds to the balance; one at a time",
        tag,
        status: 201,
        idempotent: true,
        credential: true,
        problems: [...byCredential, "topupPending", "sessionNotActive", "tooManyRequests", "walletDown"],
      },
    })
    .input(SessionId.extend(Topup.shape))
    .output(CreatedTopup)
    .use(orderLimited)
    .mutation(async ({ ctx, input: { id, amountSats } }) =>
      unwrap(await ctx.container.sessions.topup(id, ctx.header("authorization"), amountSats, ctx.keep)),
    ),

  close: procedure
    .meta({
      openapi: {
        method: "POST",
        path: "/sessions/{id}/close",
        summary: "No new requests; running ones finish, and the rest of the balance is owed",
        tag,
        refundToken: true,
        problems: [...byToken, "sessionNotActive"],
      },
    })
    .input(SessionIdAndToken)
    .output(SessionSummary)
    .mutation(async ({ ctx, input }) =>
      unwrap(await ctx.container.sessions.close(input.id, refundTokenOf(ctx, input))),
    ),

  refund: idempotentProcedure
    .meta({
      openapi: {
        method: "POST",
        path: "/sessions/{id}/refund",
        summary: "Claim what is owed: to an invoice, a Lightning address or another session, or by a withdraw code",
        tag,
        idempotent: true,
        refundToken: true,
        problems: [...byToken, ...REFUND_PROBLEMS],
      },
    })
    .input(SessionIdAndToken.extend(RefundTarget.shape))
    .output(SessionRefund)
    .mutation(async ({ ctx, input: { id, refundToken, ...target } }) => {
      const token = refundTokenOf(ctx, { refundToken });
      const way = unwrap(refundWay(target, ctx.origin()));
      return unwrap(await ctx.container.sessions.refund(id, token, way, ctx.keep));
    }),

  /** For the page: the session as it stands. Credential or refund token come in a header. */
  peek: procedure
    .input(SessionId)
    .output(WatchedSession)
    .query(async ({ ctx, input: { id } }) => {
      unwrap(await ctx.container.sessions.mayWatch(id, proofsIn(ctx, {})));
      return ctx.container.sessions.look(id);
    }),

  /** For one live connection of the page. */
  ticket: procedure
    .input(SessionIdAndToken)
    .output(StreamTicket)
    .mutation(async ({ ctx, input }) => {
      unwrap(await ctx.container.sessions.mayWatch(input.id, proofsIn(ctx, input)));
      return ctx.container.streamTickets.issue(input.id);
    }),

  /** The whole session, and again after every change. A lost connection comes back with a ticket of its own. */
  watch: procedure
    .input(SessionId.extend({ ticket: z.string().max(200), lastEventId: z.string().max(20).nullish() }))
    .subscription(async function* ({ ctx, input: { id, ticket, lastEventId }, signal }) {
      const left = signal ?? new AbortController().signal;
      const release = takeStreamSlot(ctx);
      try {
        unwrap(await ctx.container.streamTickets.redeem(ticket, id));
        for await (const { version, session } of ctx.container.sessions.watch(id, lastEventId ?? null, left)) {
          yield tracked(version, WatchedSession.parse(session));
        }
      } finally {
        release();
      }
    }),
});
