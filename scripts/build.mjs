/** `npm run build`: builds if anything has changed since the last build. */
import "./steps/check-node.mjs";
import { ensureBuilt } from "./steps/build.mjs";
import { ensureInstalled } from "./steps/install.mjs";

try {
  await ensureInstalled();
  await ensureBuilt();
  console.log("the build is up to date");
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
