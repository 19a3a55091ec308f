import { createTRPCClient, httpBatchLink, httpLink, httpSubscriptionLink, splitLink } from "@trpc/client";
import type { AppRouter } from "~/server/router";

const URL = "/api/trpc";
/** What makes something is sent alone, so that each request can carry a key of its own. */
const idempotencyKey = (context: Record<string, unknown>): Record<string, string> =>
  typeof context.idempotencyKey === "string" ? { "Idempotency-Key": context.idempotencyKey } : {};

export const createApiClient = () =>
  createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (op) => op.type === "subscription",
        true: httpSubscriptionLink({ url: URL }),
        false: splitLink({
          condition: (op) => op.type === "mutation",
          true: httpLink({ url: URL, headers: ({ op }) => idempotencyKey(op.context) }),
          false: httpBatchLink({ url: URL, maxItems: 10 }),
        }),
      }),
    ],
  });
