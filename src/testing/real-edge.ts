import { request as httpRequest } from "node:http";
import { type Database, openDatabase } from "~/db/client";
import { createContainer } from "~/server/container";
import { settingsFrom } from "~/server/env";
import { testDatabase } from "./database";
import { edgeClient } from "./edge-client";
import { edgeServer } from "./edge-server";
import { TEST_SECRET } from "./workshop";

export type RealEdge = ReturnType<typeof edgeClient> & {
  url: string;
  db: Database;
  /** A POST under another Host, which `fetch` would not send. */
  postAs(host: string, path: string, body: object): Promise<{ status: number; code: string }>;
  /** Another server on the same database. */
  beside(settings: Record<string, string>): Promise<RealEdge>;
  close(): Promise<void>;
};

/** The whole app over HTTP as it starts without any setting, on a database of its own, with limits out of the way. */
export async function realEdge(): Promise<RealEdge> {
  const database = await testDatabase();
  const edge = await edgeOn(database.url, {});
  return {
    ...edge,
    async close() {
      await edge.close();
      await database.drop();
    },
  };
}

async function edgeOn(databaseUrl: string, over: Record<string, string>): Promise<RealEdge> {
  const settings = await settingsFrom({
    TIMMY_TOKEN_SECRET: TEST_SECRET,
    COINGECKO_URL: "http://127.0.0.1:9",
    LOG_LEVEL: "silent",
    IDENTITY_PER_MINUTE: "100000",
    ORDERS_PER_MINUTE: "100000",
    MAX_OPEN_ORDERS: "100000",
    ...over,
  });
  const container = await createContainer(settings, databaseUrl);
  const server = await edgeServer(container);
  const db = openDatabase(databaseUrl, { poolSize: 2 });
  return {
    ...edgeClient(server.url),
    url: server.url,
    db,
    postAs: (host, path, body) =>
      new Promise((resolve, reject) => {
        const headers = { host, "content-type": "application/json" };
        const sent = httpRequest(server.url + path, { method: "POST", headers }, (reply) => {
          const chunks: Buffer[] = [];
          reply.on("data", (chunk: Buffer) => chunks.push(chunk));
          reply.on("end", () => {
            const { code } = JSON.parse(Buffer.concat(chunks).toString());
            resolve({ status: reply.statusCode ?? 0, code });
          });
        });
        sent.on("error", reject);
        sent.end(JSON.stringify(body));
      }),
    beside: (settingsBeside) => edgeOn(databaseUrl, settingsBeside),
    async close() {
      await server[Symbol.asyncDispose]();
      await db.close();
      await container.close();
    },
  };
}
