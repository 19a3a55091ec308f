import { inRoot } from "./root.mjs";

/**
 * Runs one of the bundles of the build in this process.
 * @param {"main" | "web" | "worker"} name
 */
export async function runBundle(name) {
  process.chdir(inRoot());
  // Next and React must run in production mode, built as they are. Whether the operator meant production is another
  // question, so the given value is kept.
  process.env.TIMMY_GIVEN_NODE_ENV = process.env.NODE_ENV ?? "";
  process.env.NODE_ENV = "production";
  process.env.NEXT_TELEMETRY_DISABLED = "1";
  process.setSourceMapsEnabled(true);
  await import(`../../dist/${name}.mjs`);
}
