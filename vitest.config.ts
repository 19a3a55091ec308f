import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// Nothing of the machine leaks in: each test sets what it needs, and nothing real is ever called.
const settings =
  /^(ANTHROPIC|LNBITS|DO|DIGITALOCEAN|TAILSCALE|OTEL|ADMIN|AGENT|ORACLE|COINGECKO|DEV|TIMMY|NEXT|PG|PRISMA)(_|[A-Z])|^(DATABASE_URL|DATA_DIR|PORT|HOST|PUBLIC_URL|NODE_ENV|NODE_OPTIONS|TRUST_PROXY|LOG_LEVEL)$/;
for (const name of Object.keys(process.env)) if (settings.test(name)) delete process.env[name];

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
