import { createContainer } from "~/server/container";
import { settingsFrom } from "~/server/env";
import { startWorker } from "~/worker/main";
import { TEST_SECRET } from "./workshop";

// A worker of the app, whole, in a process of its own that a test may kill.
const given: Record<string, string> = JSON.parse(process.argv[3] ?? "{}");
const settings = await settingsFrom({ TIMMY_TOKEN_SECRET: TEST_SECRET, LOG_LEVEL: "silent", ...given });
const container = await createContainer(settings, process.argv[2] ?? "");
const worker = await startWorker(container);

process.on("disconnect", async () => {
  await worker.stop();
  await container.close();
  process.exit(0);
});
process.send?.("ready");
