import type { IncomingMessage, ServerResponse } from "node:http";
import { OWN_ORIGIN_HEADER } from "~/core/own-origin";
import type { Settings } from "./env";
import { originOf } from "./origin";
import { contentSecurityPolicy, newNonce, pageHeaders } from "./page-headers";

export type Pages = {
  serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void>;
  close(): Promise<void>;
};

/** Next's pages, built before, in this process. */
export async function preparePages(
  address: { hostname: string; port: number },
  settings: Pick<Settings, "publicUrl" | "trustProxy">,
): Promise<Pages> {
  const app = await unmapped(async () => {
    const { default: next } = await import("next");
    const prepared = next({ dev: false, dir: process.cwd(), quiet: true, ...address });
    await prepared.prepare();
    return prepared;
  });
  const handle = app.getRequestHandler();
  return {
    serve(incoming, outgoing) {
      const policy = contentSecurityPolicy(newNonce());
      // Whatever the client sent there: Next reads its nonce from the request.
      incoming.headers["content-security-policy"] = policy;
      delete incoming.headers["content-security-policy-report-only"];
      const proto = incoming.headers["x-forwarded-proto"];
      incoming.headers[OWN_ORIGIN_HEADER] = originOf(
        { ...settings, port: address.port },
        incoming.headers.host ?? null,
        proto === undefined ? null : String(proto),
      );
      for (const [name, value] of Object.entries(pageHeaders(incoming.url ?? "", policy)))
        outgoing.setHeader(name, value);
      return handle(incoming, outgoing);
    },
    close: () => app.close(),
  };
}

/**
 * Loads packages without their source maps, which a traced error of ours has no use for: those of Next alone would
 * stay in memory with more than 20 MB. What was loaded before keeps its own.
 */
async function unmapped<T>(load: () => Promise<T>): Promise<T> {
  process.setSourceMapsEnabled(false);
  try {
    return await load();
  } finally {
    process.setSourceMapsEnabled(true);
  }
}
