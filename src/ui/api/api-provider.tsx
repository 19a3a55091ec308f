"use client";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { loginState, watchLogin } from "~/ui/login/login-store";
import { createApiClient, isLoginRefused } from "./api-client";
import { problemOf } from "./problem";
import { TRPCProvider } from "./trpc";

/**
 * A refusal stays a refusal however often it is requested. Only what may have been bad luck is retried, and what was
 * refused because of a login that has been forgotten since.
 */
const worthAnotherTry = (failures: number, error: unknown): boolean => {
  const { status, code } = problemOf(error);
  if (isLoginRefused(code)) return failures === 0;
  return failures < 3 && (status === null || status >= 500);
};

export function ApiProvider({ children }: { children: ReactNode }) {
  const [queryClient] = useState(
    () => new QueryClient({ defaultOptions: { queries: { retry: worthAnotherTry, staleTime: 10_000 } } }),
  );
  const [trpcClient] = useState(createApiClient);
  // Answers depend on who asks: a different login makes everything known so far stale.
  useEffect(() => {
    let token = loginState().login?.token;
    return watchLogin(() => {
      const now = loginState().login?.token;
      if (now === token) return;
      token = now;
      void queryClient.invalidateQueries();
    });
  }, [queryClient]);
  return (
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={trpcClient} queryClient={queryClient}>
        {children}
      </TRPCProvider>
    </QueryClientProvider>
  );
}
