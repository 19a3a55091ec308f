/** `npm start`: whatever is missing first (packages, build), then the whole app in this process. */
import "./steps/check-node.mjs";
import { ensureBuilt, isBuilt } from "./steps/build.mjs";
import { ensureInstalled } from "./steps/install.mjs";
import { inRoot } from "./steps/root.mjs";
import { runBundle } from "./steps/run-bundle.mjs";

process.chdir(inRoot());
try {
  const built = isBuilt();
  await ensureInstalled({ dev: !built });
  if (!built) await ensureBuilt();
} catch (error) {
  console.error(error.message);
  process.exit(1);
}

await runBundle("main");
