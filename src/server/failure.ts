import { TRPCError } from "@trpc/server";
import { ZodError } from "zod";
import { errorChain } from "~/core/error-chain";
import { randomHex } from "~/core/ids";
import type { AppError } from "./app-error";
import { faultsOf } from "./input-faults";
import type { Log } from "./log";
import { trpcCodeOf } from "./problems";

/** An expected failure on its way to the wire. */
export class AppFailure extends TRPCError {
  constructor(readonly appError: AppError) {
    super({ code: trpcCodeOf(appError), message: appError.code });
    this.name = "AppFailure";
  }
}

/** What a caller is told about anything that was thrown. What nobody expected is logged under its incident's number. */
export function appErrorOf(thrown: unknown, log: Log): AppError {
  const expected = expectedError(thrown);
  if (expected) return expected;
  const cause = thrown instanceof TRPCError && thrown.cause ? thrown.cause : thrown;
  if (isDatabaseDown(cause)) {
    log.error({ reason: messageOf(cause) }, "the database does not answer");
    return { code: "databaseDown" };
  }
  const incident = randomHex(6);
  log.error({ incident, err: cause }, "unexpected error");
  return { code: "internal", incident };
}

/** The error that an expected failure stands for; null for what nobody expected. */
export function expectedError(thrown: unknown): AppError | null {
  if (thrown instanceof AppFailure) return thrown.appError;
  if (!(thrown instanceof TRPCError)) return null;
  switch (thrown.code) {
    case "BAD_REQUEST":
      if (thrown.cause instanceof ZodError) return faultsOf(thrown.cause.issues);
      if (thrown.cause instanceof SyntaxError) return { code: "malformedJson" };
      return { code: "invalidRequest", faults: [{ field: "", message: "This call cannot be read." }] };
    case "PARSE_ERROR":
      return { code: "malformedJson" };
    case "UNSUPPORTED_MEDIA_TYPE":
      return { code: "unsupportedMediaType" };
    case "NOT_FOUND":
      return { code: "routeNotFound" };
    case "METHOD_NOT_SUPPORTED":
      return { code: "methodNotAllowed", allow: ["GET", "POST"] };
    default:
      return null;
  }
}

const NETWORK = new Set(["ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENOTFOUND", "EPIPE"]);
/** SQLSTATEs of a server that shuts down, starts or has no connection left. */
const GONE = /^(08...|57P0[1-3]|53300)$/;

/** Whether this came from a connection to Postgres that could not be made or broke. */
function isDatabaseDown(thrown: unknown): boolean {
  for (const { code, originalCode, message } of errorChain(thrown)) {
    if ([code, originalCode].some((text) => typeof text === "string" && (NETWORK.has(text) || GONE.test(text)))) {
      return true;
    }
    if (typeof message === "string" && /^Connection terminated|timeout exceeded when trying to connect/.test(message)) {
      return true;
    }
    if (code === "P1001" || code === "P1017" || code === "P2024") return true;
  }
  return false;
}

const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));
