import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener, RequestError } from "@hono/node-server";
import { answers, type ResponseClass } from "./answer";
import type { Api } from "./api";
import { appErrorOf } from "./failure";
import type { Log } from "./log";

const UNREADABLE = {
  code: "invalidRequest",
  faults: [{ field: "", message: "The URL or the Host header cannot be read." }],
} as const;
/** A name, and perhaps a password, before the host: no web-standard Request takes such a URL. */
const NAMED = /^[a-z]+:\/\/[^/?#]*@/i;

type NodeHandler = (incoming: IncomingMessage, outgoing: ServerResponse) => void | Promise<void>;

export type HttpServer = {
  port: number;
  /** Where this machine reaches it. */
  loopbackUrl: string;
  /** The class that the API should make its answers with. */
  Response: ResponseClass;
  /** From now on the API answers; before that, everything is told to wait. */
  serveApi(api: Api): void;
  /** From now on the pages are served. */
  servePages(pages: NodeHandler): void;
  /** Takes no new connection, ends live ones, waits for what is in flight up to `graceMs`, then closes all. */
  close(graceMs: number): Promise<void>;
};

/** Listens, and says so. Rejects with `PortTaken` when somebody else does. `/api` never passes through Next. */
export async function startHttp(options: { host: string | null; port: number; log: Log }): Promise<HttpServer> {
  const { log } = options;
  let api: Api | null = null;
  let pages: NodeHandler | null = null;

  const { listener: apiListener, Response: LightResponse } = lightListener(
    (request, incoming) => {
      if (NAMED.test(request.url)) return answers(LightResponse).problem(UNREADABLE, "/api");
      return api
        ? api.handle(request, { remoteAddress: incoming.socket.remoteAddress ?? null, headers: incoming.headers })
        : answers(LightResponse).problem({ code: "starting" }, "/api");
    },
    (error) =>
      answers(LightResponse).problem(error instanceof RequestError ? UNREADABLE : appErrorOf(error, log), "/api"),
  );

  const streams = new Set<ServerResponse>();
  const server = createServer((incoming, outgoing) => {
    // An answer that was paid for is sent to its end.
    if (incoming.method === "GET" && incoming.headers.accept === "text/event-stream") {
      streams.add(outgoing);
      outgoing.once("close", () => streams.delete(outgoing));
    }
    const answered = isApi(incoming.url ?? "")
      ? apiListener(incoming, outgoing)
      : (pages ?? waitForPages)(incoming, outgoing);
    Promise.resolve(answered).catch((error: unknown) => {
      log.error({ err: error }, "a request was not answered");
      outgoing.destroy();
    });
  });
  // Longer than any proxy in front keeps an idle connection, so that it never writes into one that we just closed.
  server.keepAliveTimeout = 75_000;
  await listening(server, options);

  const { port } = server.address() as AddressInfo;
  return {
    port,
    loopbackUrl: loopbackUrl(server.address() as AddressInfo),
    Response: LightResponse,
    serveApi(ready) {
      api = ready;
    },
    servePages(ready) {
      pages = ready;
    },
    async close(graceMs) {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      // Cut off, not ended: so their clients reconnect, to whoever is there next.
      for (const stream of streams) stream.destroy();
      // A connection whose answer goes out only now is idle only then.
      const idle = setInterval(() => server.closeIdleConnections(), 20);
      const timer = setTimeout(() => server.closeAllConnections(), graceMs);
      await closed;
      clearInterval(idle);
      clearTimeout(timer);
    },
  };
}

/** Another process listens on our port. */
export class PortTaken extends Error {
  constructor(port: number) {
    super(`port ${port} is taken: stop what listens there, or set PORT to another one`);
    this.name = "PortTaken";
  }
}

function loopbackUrl({ address, family, port }: AddressInfo): string {
  if (address === "::" || address === "0.0.0.0") return `http://127.0.0.1:${port}`;
  return family === "IPv6" ? `http://[${address}]:${port}` : `http://${address}:${port}`;
}

const isApi = (url: string): boolean => url.startsWith("/api") && (url.length === 4 || "/?".includes(url[4] as string));

const waitForPages: NodeHandler = (_incoming, outgoing) => {
  outgoing.writeHead(503, { "Content-Type": "text/plain; charset=utf-8", "Retry-After": "2" });
  outgoing.end("Timmy is lighting the lamps. Try again in a moment.\n");
};

function listening(server: Server, { host, port }: { host: string | null; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(error.code === "EADDRINUSE" ? new PortTaken(port) : error),
    );
    server.listen({ port, ...(host !== null && { host }) }, resolve);
  });
}

type Fetch = (request: Request, incoming: IncomingMessage) => Response | Promise<Response>;

/**
 * Hono's listener, and the class of responses that it sends as they are: a native one it has to read back as a stream,
 * which took three times as long. It offers that class only as the global one, which Next must not meet, so the
 * globals are put back at once.
 */
function lightListener(fetch: Fetch, errorHandler: (error: unknown) => Response) {
  const names = ["Request", "Response"] as const;
  const native = names.map((name) => Object.getOwnPropertyDescriptor(globalThis, name));
  const listener = getRequestListener((request, env) => fetch(request, env.incoming as IncomingMessage), {
    errorHandler,
  });
  const LightResponse: ResponseClass = globalThis.Response;
  for (const [index, name] of names.entries()) {
    const descriptor = native[index];
    if (descriptor) Object.defineProperty(globalThis, name, descriptor);
  }
  return { listener, Response: LightResponse };
}
