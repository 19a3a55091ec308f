import { initTRPC, TRPCError } from "@trpc/server";
import type { Result } from "~/core/result";
import type { AppError, AppErrorCode } from "./app-error";
import type { Container } from "./container";
import { problemOf, trpcCodeOf } from "./problems";

/** How a procedure is served over REST, and what can go wrong: the OpenAPI document and the routes come from it. */
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
  /** The refund token may come as header `X-Refund-Token` instead of in the input. */
  refundToken?: true;
  /** Takes an `Idempotency-Key`. */
  idempotent?: true;
};
export type Meta = { openapi?: OpenApiMeta };

/** One call, from wherever it came. */
export type Context = {
  container: Container;
  header(name: string): string | null;
  /** HMAC of the client's address. */
  clientKey(): string;
  /** Headers for the answer. */
  answerHeaders: Record<string, string>;
};

/** An expected failure on its way to the wire. */
export class AppFailure extends TRPCError {
  constructor(readonly appError: AppError) {
    super({ code: trpcCodeOf(appError), message: appError.code });
    this.name = "AppFailure";
  }
}

/** The value, or the error thrown to where it becomes an answer. */
export function unwrap<T>(result: Result<T, AppError>): T {
  if (result.ok) return result.value;
  throw new AppFailure(result.error);
}

const t = initTRPC
  .context<Context>()
  .meta<Meta>()
  .create({
    isDev: false,
    errorFormatter: ({ shape, error }) => ({ ...shape, data: problemOf((error as AppFailure).appError) }),
  });

export const { router, procedure, middleware } = t;
