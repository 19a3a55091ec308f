import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type WebServer = {
  /** host:port */
  host: string;
  url: string;
  /** Path and query of each request so far, in order. */
  asked: string[];
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

/** A real HTTP server on a free port of the loopback. Stopping it cuts whatever still hangs. */
export async function webServer(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<WebServer> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { host, url: `http://${host}`, asked, stop, [Symbol.asyncDispose]: stop };
}
