/** `npm start`: whatever is missing first (packages, build), then the whole app in this process. */
import "./steps/check-node.mjs";
import { ensureBuilt, isBuilt } from "./steps/build.mjs";
import { ensureInstalled } from "./steps/install.mjs";
import { inRoot } from "./steps/root.mjs";

process.chdir(inRoot());
try {
  const built = isBuilt();
  await ensureInstalled({ dev: !built });
  if (!built) await ensureBuilt();
} catch (error) {
  console.error(error.message);
  process.exit(1);
}

// Next and React must run in production mode, built as they are. Whether the operator means production is another
// question, so what was given is kept for it.
process.env.TIMMY_GIVEN_NODE_ENV = process.env.NODE_ENV ?? "";
process.env.NODE_ENV = "production";
process.env.NEXT_TELEMETRY_DISABLED = "1";
process.setSourceMapsEnabled(true);
await import("../dist/main.mjs");
