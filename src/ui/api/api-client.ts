import {
  createTRPCClient,
  httpBatchLink,
  httpLink,
  httpSubscriptionLink,
  type Operation,
  splitLink,
  type TRPCLink,
} from "@trpc/client";
import { observable } from "@trpc/server/observable";
import type { AppRouter } from "~/server/router";
import { forgetLogin, loginHeader } from "~/ui/login/login-store";
import { problemOf } from "./problem";

const URL = "/api/trpc";

/** What a call can carry besides its input: headers, so that no secret is ever part of an address. */
const HEADERS = {
  idempotencyKey: "Idempotency-Key",
  authorization: "Authorization",
  refundToken: "X-Refund-Token",
} as const;

function headersOf(op: Operation): Record<string, string> {
  const headers = loginHeader();
  for (const [field, name] of Object.entries(HEADERS)) {
    const value = op.context[field];
    if (typeof value === "string") headers[name] = value;
  }
  return headers;
}

/** What makes something, or has a credential of its own, is sent alone. */
const isSentAlone = (op: Operation): boolean =>
  op.type === "mutation" || Object.keys(HEADERS).some((field) => typeof op.context[field] === "string");

/** A login that the server no longer accepts is over, whichever call finds out. */
const forgetRefusedLogin: TRPCLink<AppRouter> =
  () =>
  ({ next, op }) =>
    observable((observer) =>
      next(op).subscribe({
        next: (value) => observer.next(value),
        error(error) {
          if (isLoginRefused(problemOf(error).code)) forgetLogin(true);
          observer.error(error);
        },
        complete: () => observer.complete(),
      }),
    );

export const isLoginRefused = (code: string | null): boolean =>
  code === "NOSTR_TOKEN_INVALID" || code === "NOSTR_TOKEN_EXPIRED";

export const createApiClient = () =>
  createTRPCClient<AppRouter>({
    links: [
      forgetRefusedLogin,
      splitLink({
        condition: (op) => op.type === "subscription",
        true: httpSubscriptionLink({ url: URL }),
        false: splitLink({
          condition: isSentAlone,
          true: httpLink({ url: URL, headers: ({ op }) => headersOf(op) }),
          false: httpBatchLink({ url: URL, maxItems: 10, headers: loginHeader }),
        }),
      }),
    ],
  });
