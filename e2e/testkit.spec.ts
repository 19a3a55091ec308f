import { runTestkit, signing, testkitOf } from "../scripts/testkit/run-testkit";
import { expect, test } from "./fixtures";

/** It makes a dozen orders and waits where the app's own limits tell it to. */
const PATIENCE_MS = 900_000;

test("the app's own testkit passes on the app as it is started, and skips nothing", async ({ baseURL }) => {
  test.setTimeout(PATIENCE_MS);
  const run = await runTestkit(await testkitOf(baseURL ?? ""), signing());
  expect(run.lines.filter((line) => line.startsWith("not ok") || line.includes("# SKIP"))).toEqual([]);
  expect(run).toMatchObject({ code: 0, failed: 0, skipped: 0 });
});
