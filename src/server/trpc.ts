import { initTRPC } from "@trpc/server";
import { z } from "zod";
import { err, ok, type Result } from "~/core/result";
import type { Tx } from "~/db/client";
import { readCredential } from "~/modules/sessions/l402-credential";
import type { AppError, AppErrorCode } from "./app-error";
import type { Container } from "./container";
import { AppFailure, appErrorOf, expectedError } from "./failure";
import { type Idempotency, keyFault } from "./idempotency";
import { problemOf, retryAfterHeader } from "./problems";
import type { StreamSlots } from "./stream-slots";

/** How a procedure is served over REST, and what can go wrong: routes and OpenAPI document come from it. */
export type OpenApiMeta = {
  method: "GET" | "POST" | "DELETE";
  /** Below /api, with parameters in braces. */
  path: `/${string}`;
  summary: string;
  tag: string;
  /** Of success. */
  status?: 200 | 201;
  /** What this procedure may answer besides what any may. */
  problems: readonly AppErrorCode[];
  /** Moves money or text: needs the refund token, as a field or as header `X-Refund-Token`. */
  refundToken?: true;
  /** For nobody without an identity. */
  login?: true;
  /** Takes an `Idempotency-Key`. */
  idempotent?: true;
  /** Opened by an L402 credential in `Authorization`. */
  credential?: true;
  /** For the operator alone. */
  operator?: true;
  /** Answers by server-sent events where they are asked for. */
  streamed?: true;
};
export type Meta = { openapi?: OpenApiMeta };

/** One call, from wherever it came. */
export type Context = {
  container: Container;
  idempotency: Idempotency;
  streams: StreamSlots;
  method: string;
  /** Of the URL, without query. */
  path: string;
  /** As it came; empty when there was none. */
  body: string;
  header(name: string): string | null;
  /** HMAC of the client's address. */
  clientKey(): string;
  /** The key that the caller proved to hold; null for nobody's. Throws where a credential came that is not good. */
  identity(): Promise<string | null>;
  /** The origin that something signed for us must name; null where we cannot tell. */
  ownOrigin(): string | null;
  /** Where URLs in answers point, without a slash at the end. */
  origin(): string;
  /** Headers for the answer. */
  answerHeaders: Record<string, string>;
  /** Set where the call has an `Idempotency-Key`: writes the answer down in the transaction that makes it true. */
  keep?: ((tx: Tx, answer: unknown) => Promise<void>) | undefined;
  /** Set with it: the same for every call that means the same thing, the only one in all processes. */
  onceKey?: string | undefined;
  /** Set where the answer goes out piece by piece. */
  listener?: { begun(): void; text(piece: string): void } | undefined;
};

const t = initTRPC
  .context<Context>()
  .meta<Meta>()
  .create({
    isDev: false, // never a stack on the wire
    sse: { ping: { enabled: true, intervalMs: 15_000 }, client: { reconnectAfterInactivityMs: 40_000 } },
    errorFormatter({ shape, error, ctx }) {
      const problem = problemOf(ctx ? appErrorOf(error, ctx.container.log) : (expectedError(error) ?? CALL_LOST));
      if (ctx) Object.assign(ctx.answerHeaders, retryAfterHeader(problem));
      return { code: shape.code, message: problem.detail, data: { ...problem, httpStatus: problem.status } };
    },
  });

const CALL_LOST: AppError = { code: "internal", incident: "none" };

/** The value, or the error thrown to where it becomes an answer. */
export function unwrap<T>(result: Result<T, AppError>): T {
  if (result.ok) return result.value;
  throw new AppFailure(result.error);
}

/** The refund token of a call, by whichever of the two ways it came. */
export const refundTokenOf = (ctx: Context, input: { refundToken?: string | undefined }): string | undefined =>
  input.refundToken || ctx.header("x-refund-token") || undefined;

export const { router } = t;

/** A credential that is sent must be valid, whatever is asked for: nobody is taken for anonymous by mistake. */
export const procedure = t.procedure.use(async ({ ctx, type, getRawInput, next }) => {
  const inHeaders = await ctx.identity();
  if (type !== "mutation") return next();
  const { nostr_token: token } = TokenInBody.parse(await getRawInput());
  if (token === undefined || token === null) return next();
  const inBody = unwrap(ctx.container.identity.ofToken(token));
  if (inHeaders !== null && inHeaders !== inBody) throw new AppFailure({ code: "nostrCredentialsDiffer" });
  return next({ ctx: { identity: async () => inBody } });
});

const TokenInBody = z.object({ nostr_token: z.unknown() }).catch({ nostr_token: undefined });

/** Counts as an order by this client. Comes after the input, so that only valid input counts. */
export const orderLimited = t.middleware(async ({ ctx, next }) => {
  unwrap(await ctx.container.orderLimit(ctx.clientKey()));
  const pubkey = await ctx.identity();
  if (pubkey !== null) await ctx.container.identity.visited(pubkey);
  return next();
});

/** Counts as a step of a login by this client. */
export const identityLimited = t.middleware(async ({ ctx, next }) => {
  unwrap(await ctx.container.identityLimit(ctx.clientKey()));
  return next();
});

/** A place among the live connections, given back by calling the result. */
export function takeStreamSlot(ctx: Context): () => void {
  const release = ctx.streams.take(ctx.clientKey());
  if (!release) throw new AppFailure({ code: "tooManyStreams" });
  return release;
}

/** Runs a procedure once for its `Idempotency-Key`: it hands `ctx.keep` to the service that makes the thing. */
export const once = t.middleware(async ({ ctx, meta, getRawInput, next }) => {
  const key = ctx.header("idempotency-key");
  if (key === null) return next();
  // Only a credential that is checked makes a caller somebody: the identity was, the others are by the procedure. It
  // passes over what is no credential of its own, such as `Basic …`, which anybody can say.
  const pubkey = await ctx.identity();
  const refundToken = meta?.openapi?.refundToken && refundTokenOf(ctx, TokenInput.parse(await getRawInput()));
  const authorization = ctx.header("authorization");
  const isProof = meta?.openapi?.operator || (meta?.openapi?.credential && readCredential(authorization) !== "absent");
  const proofs = [pubkey, refundToken, isProof && authorization].map((proof) => proof || null);
  const credential = proofs.some(Boolean) ? JSON.stringify(proofs) : "";
  const call = { key, method: ctx.method, path: ctx.path, body: ctx.body, credential };
  const fault = isOneOfSeveral(ctx) ? SEVERAL : keyFault(call);
  if (fault) throw new AppFailure(fault);

  let fresh: Awaited<ReturnType<typeof next>> | undefined;
  const { outcome, replayed } = await ctx.idempotency.once(
    call,
    meta?.openapi?.status ?? 200,
    async (keep, onceKey) => {
      fresh = await next({ ctx: { keep, onceKey } });
      if (fresh.ok) return ok(fresh.data);
      const expected = expectedError(fresh.error);
      if (!expected) throw fresh.error;
      return err(expected);
    },
  );
  if (replayed) ctx.answerHeaders["Idempotency-Replayed"] = "true";
  if (!outcome.ok) throw new AppFailure(outcome.error);
  // A replayed answer never passed through `next`, which alone can make the marked result that tRPC's types want.
  return { ...fresh, ok: true, data: outcome.value } as Awaited<ReturnType<typeof next>>;
});

export const idempotentProcedure = procedure.use(once);

/** tRPC's clients can send several calls as one request, with one body and one set of headers for all. */
const isOneOfSeveral = ({ path }: Context): boolean => /^\/api\/trpc\/.*(,|%2C)/i.test(path);
const SEVERAL: AppError = {
  code: "idempotencyKeyUnusable",
  detail: "A key stands for one call: send that alone, not in a batch.",
};

const TokenInput = z.object({ refundToken: z.string().optional().catch(undefined) }).catch({});
