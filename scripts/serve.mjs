/**
 * `npm run web` (API and pages) and `npm run worker` (background work): one side of the app in this process, as built
 * and set up by `npm run setup`. Any number of each share one database.
 */
import "./steps/check-node.mjs";
import { isBuilt } from "./steps/build.mjs";
import { runBundle } from "./steps/run-bundle.mjs";

const side = process.argv[2];
if (side !== "web" && side !== "worker") {
  console.error("usage: npm run web, or npm run worker");
  process.exit(2);
}
if (!isBuilt()) {
  console.error("Not built, or changed since: run `npm run setup` first.");
  process.exit(1);
}
await runBundle(side);
