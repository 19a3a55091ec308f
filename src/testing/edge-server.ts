import { createApi } from "~/server/api";
import type { Container } from "~/server/container";
import { startHttp } from "~/server/http";

export type EdgeServer = {
  url: string;
  port: number;
  [Symbol.asyncDispose](): Promise<void>;
};

/** The API of a container on a real HTTP server, just as the app serves it. */
export async function edgeServer(container: Container): Promise<EdgeServer> {
  const http = await startHttp({ host: "127.0.0.1", port: 0, log: container.log });
  http.serveApi(createApi(container, { Response: http.Response }));
  return { url: http.loopbackUrl, port: http.port, [Symbol.asyncDispose]: () => http.close(0) };
}
