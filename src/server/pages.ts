import type { IncomingMessage, ServerResponse } from "node:http";
import next from "next";
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
  const app = next({ dev: false, dir: process.cwd(), quiet: true, ...address });
  await app.prepare();
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
