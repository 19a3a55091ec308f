import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { cleanProcessEnv } from "./scripts/steps/clean-env.mjs";

// Nothing of the machine leaks in: each test sets what it needs, and nothing real is ever called.
cleanProcessEnv();

export default defineConfig({
  resolve: { alias: { "~": fileURLToPath(new URL("./src", import.meta.url)) } },
  test: {
    include: ["src/**/*.test.ts", "scripts/**/*.test.ts"],
    environment: "node",
    globalSetup: ["src/testing/global-database.ts"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    reporters: ["default", ["json", { outputFile: ".reports/vitest.json" }]],
  },
});
