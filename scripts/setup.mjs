/** `npm run setup`: installs, builds and migrates. `npm start` does it by itself; the separate processes presuppose it. */
import "./steps/check-node.mjs";
import { spawn } from "node:child_process";
import { ensureBuilt } from "./steps/build.mjs";
import { ensureInstalled } from "./steps/install.mjs";
import { inRoot, ROOT } from "./steps/root.mjs";
import { endOf } from "./steps/run-step.mjs";

try {
  await ensureInstalled();
  await ensureBuilt();
  const program = ["--import", "tsx", inRoot("scripts", "steps", "migrate.ts")];
  const { code } = await endOf(spawn(process.execPath, program, { cwd: ROOT, stdio: "inherit" }));
  process.exitCode = code ?? 1;
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
