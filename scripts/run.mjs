/** `node scripts/run.mjs FILE.ts [ARGS …]`: runs a TypeScript program of this checkout, in a fresh clone too. */
import "./steps/check-node.mjs";
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { ensureInstalled } from "./steps/install.mjs";
import { inRoot } from "./steps/root.mjs";
import { endOf } from "./steps/run-step.mjs";

const [file, ...args] = process.argv.slice(2);
if (!file) {
  console.error("usage: node scripts/run.mjs FILE.ts [ARGS …]");
  process.exit(2);
}
try {
  await ensureInstalled();
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
// By its address: the program may be started from any folder, and tsx is in this checkout.
const tsx = import.meta.resolve("tsx");
const env = { ...process.env, TSX_TSCONFIG_PATH: inRoot("tsconfig.json") };
const { code, signal } = await endOf(
  spawn(process.execPath, ["--import", tsx, file, ...args], { stdio: "inherit", env }),
);
process.exitCode = code ?? 128 + constants.signals[signal];
