import { defineConfig } from "@playwright/test";
import { browserForTests } from "./e2e/browser";

const browser = await browserForTests();

/** A request that strays outside fails: no name but this machine's can be looked up. */
const STAY_HOME = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1";

export default defineConfig({
  testDir: "e2e",
  globalSetup: "./e2e/global-app.ts",
  outputDir: "test-results",
  // One app, one database, two cores: journeys side by side would only wait for each other.
  workers: 1,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 90_000,
  expect: { timeout: 20_000 },
  reporter: [["list"], ["json", { outputFile: ".reports/e2e.json" }]],
  use: {
    launchOptions: { executablePath: browser.executablePath, args: [...browser.args, STAY_HOME] },
    locale: "en-GB",
    timezoneId: "UTC",
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
  },
  projects: [
    { name: "desktop", use: { viewport: { width: 1280, height: 800 } } },
    { name: "phone", use: { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true } },
  ],
});
