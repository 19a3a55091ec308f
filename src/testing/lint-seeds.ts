import { type Seed, seed } from "./walls-seeds";

/** One break of each rule that biome.json names itself; what it merely recommends is the linter's own business. */
export const LINT_SEEDS: readonly Seed[] = [
  seed("noExplicitAny", "src/server/loose.ts", "export const loose: any = 1;"),
  seed(
    "noFloatingPromises",
    "src/server/floats.ts",
    "async function go() {}",
    "export function start() {",
    "  go();",
    "}",
  ),
  seed(
    "noMisusedPromises",
    "src/server/misuses.ts",
    "async function ready() {",
    "  return false;",
    "}",
    "export const open = () => (ready() ? 1 : 2);",
  ),
  seed("noUnusedImports", "src/server/imports.ts", 'import { x } from "~/core/money";', "export const y = 1;"),
  seed("noUnusedVariables", "src/server/variables.ts", "const unused = 1;", "export const y = 2;"),
  seed("noBarrelFile", "src/server/barrel.ts", 'export { x } from "~/core/money";'),
  seed("noReExportAll", "src/server/all.ts", 'export * from "~/core/money";'),
  seed("noNonNullAssertion", "src/server/sure.ts", "export const sure = (x: number | null) => x!;"),
  seed("noProcessEnv", "src/server/reads-env.ts", "export const port = process.env.PORT;"),
  seed(
    "noProcessEnv",
    "src/modules/jobs/env-service.ts",
    'import { env } from "node:process";',
    "export const port = env.PORT;",
  ),
  seed("useImportType", "src/server/imports-type.ts", 'import { x } from "~/core/money";', "export type Y = typeof x;"),
  seed("noSkippedTests", "src/server/skipped.test.ts", 'import { test } from "vitest";', 'test.skip("x", () => {});'),
  seed("noFocusedTests", "src/server/focused.test.ts", 'import { test } from "vitest";', 'test.only("x", () => {});'),
];
