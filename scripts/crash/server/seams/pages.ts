import type { ServerResponse } from "node:http";
import type { Pages } from "~/server/pages";

/** No pages: what is killed here is the API and the worker, and Next would make each start a second longer. */
export const preparePages = async (): Promise<Pages> => ({
  serve: async (_incoming: unknown, outgoing: ServerResponse) => void outgoing.writeHead(404).end(),
  close: async () => undefined,
});
