import { defineConfig } from "@playwright/test";

// Which browser, e2e/global-setup.ts finds out: reading these settings starts nothing.
export default defineConfig({
  testDir: "e2e",
  globalSetup: "./e2e/global-setup.ts",
  outputDir: "test-results",
  // A journey mostly waits, for the page and for the app. Each worker has an app and a database of its own.
  workers: 2,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 90_000,
  expect: { timeout: 20_000 },
  reporter: [["list"], ["json", { outputFile: ".reports/e2e.json" }]],
  use: {
    locale: "en-GB",
    timezoneId: "UTC",
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
  },
  projects: [
    { name: "desktop", use: { viewport: { width: 1280, height: 800 } } },
    // What these look at (answers of the app, headers, scripts, what a model may write, connections and races) is the
    // same at every size, or the size is their own.
    {
      name: "phone",
      testIgnore:
        /(testkit|content-security-policy|scene-size|first-load|hostile-answer|watching|request|room-limits|job-ends|site|part-free-job|screen-sizes)\.spec\.ts$/,
      use: { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
    },
  ],
});
