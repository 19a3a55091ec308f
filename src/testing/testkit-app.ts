import { type Container, createContainer } from "~/server/container";
import { settingsFrom } from "~/server/env";
import { startWorker } from "~/worker/main";
import { testDatabase } from "./database";
import { edgeServer } from "./edge-server";
import { TEST_SECRET } from "./workshop";

export type TestkitApp = { url: string; [Symbol.asyncDispose](): Promise<void> };

/** The app with its worker in this process, on a database of its own, as it starts without any setting but these. */
export async function testkitApp(
  settings: Record<string, string> = {},
  change = (container: Container) => container,
): Promise<TestkitApp> {
  const database = await testDatabase();
  const container = await createContainer(
    await settingsFrom({
      TIMMY_TOKEN_SECRET: TEST_SECRET,
      COINGECKO_URL: "http://127.0.0.1:9",
      LOG_LEVEL: "silent",
      ...settings,
    }),
    database.url,
  );
  const worker = await startWorker(container);
  const server = await edgeServer(change(container));
  return {
    url: server.url,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await worker.stop();
      await container.close();
      await database.drop();
    },
  };
}
