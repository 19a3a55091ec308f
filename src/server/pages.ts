import type { IncomingMessage, ServerResponse } from "node:http";
import next from "next";

export type Pages = {
  serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void>;
  close(): Promise<void>;
};

const EVERY_PAGE = {
  "Referrer-Policy": "no-referrer", // the link of an order is the key to reading it
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
} as const;
const ORDER_PAGE = { "Cache-Control": "no-store", "X-Robots-Tag": "noindex" } as const;

/** Next's pages, built before, in this process. */
export async function preparePages(address: { hostname: string; port: number }): Promise<Pages> {
  const app = next({ dev: false, dir: process.cwd(), quiet: true, ...address });
  await app.prepare();
  const handle = app.getRequestHandler();
  return {
    serve(incoming, outgoing) {
      for (const [name, value] of Object.entries(EVERY_PAGE)) outgoing.setHeader(name, value);
      if (isOrderPage(incoming.url ?? "")) {
        for (const [name, value] of Object.entries(ORDER_PAGE)) outgoing.setHeader(name, value);
      }
      return handle(incoming, outgoing);
    },
    close: () => app.close(),
  };
}

const isOrderPage = (url: string): boolean => /^\/(jobs|sessions|bootstrap)\//.test(url);
