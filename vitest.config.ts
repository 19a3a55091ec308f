import { fileURLToPath } from "node:url";
import { configDefaults, defineConfig } from "vitest/config";
import { cleanProcessEnv } from "./scripts/steps/clean-env.mjs";

cleanProcessEnv();

export default defineConfig({
  resolve: { alias: { "~": fileURLToPath(new URL("./src", import.meta.url)) } },
  test: {
    include: ["src/**/*.test.ts", "scripts/**/*.test.ts"],
    // Those need a real LNbits: vitest.lnbits.config.ts.
    exclude: [...configDefaults.exclude, "**/*.lnbits.test.ts"],
    environment: "node",
    globalSetup: ["src/testing/global-database.ts"],
    pool: "forks",
    maxWorkers: 2,
    // Against tests that hang: a slow machine is no fault.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: ["default", ["json", { outputFile: ".reports/vitest.json" }]],
  },
});
