import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { cleanProcessEnv } from "./scripts/steps/clean-env.mjs";

cleanProcessEnv();

/** What runs against a real LNbits server: `npm run test:lnbits`. */
export default defineConfig({
  resolve: { alias: { "~": fileURLToPath(new URL("./src", import.meta.url)) } },
  test: {
    include: ["src/**/*.lnbits.test.ts"],
    environment: "node",
    globalSetup: ["src/testing/global-lnbits.ts"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 200_000,
  },
});
