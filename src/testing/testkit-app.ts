import { type Container, createContainer } from "~/server/container";
import { settingsFrom } from "~/server/env";
import { startWorker } from "~/worker/main";
import { edgeServer } from "./edge-server";
import { TEST_SECRET } from "./workshop";

export type TestkitApp = { url: string; [Symbol.asyncDispose](): Promise<void> };
type Change = (container: Container) => Container;

/** The app with its worker in this process, on a database of its own, as it starts without any setting but these. */
export async function testkitApp(settings: Record<string, string> = {}, change?: Change): Promise<TestkitApp> {
  const database = await (await import("./database")).testDatabase();
  const app = await appOn(database.url, settings, change);
  return {
    url: app.url,
    async [Symbol.asyncDispose]() {
      await app[Symbol.asyncDispose]();
      await database.drop();
    },
  };
}

/** The same on a database that is there. */
export async function appOn(
  databaseUrl: string,
  settings: Record<string, string>,
  change: Change = (container) => container,
): Promise<TestkitApp> {
  const quiet = { TIMMY_TOKEN_SECRET: TEST_SECRET, COINGECKO_URL: "http://127.0.0.1:9", LOG_LEVEL: "silent" };
  const container = await createContainer(await settingsFrom({ ...quiet, ...settings }), databaseUrl);
  const worker = await startWorker(container);
  const server = await edgeServer(change(container));
  return {
    url: server.url,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await worker.stop();
      await container.close();
    },
  };
}
