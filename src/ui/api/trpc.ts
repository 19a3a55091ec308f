import { createTRPCContext } from "@trpc/tanstack-react-query";
import type { AppRouter } from "~/server/router";

/** The API as the pages see it: every type comes from the server's router, nothing of it runs here. */
export const { TRPCProvider, useTRPC, useTRPCClient } = createTRPCContext<AppRouter>();
