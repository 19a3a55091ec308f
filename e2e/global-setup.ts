import { findBrowser } from "../scripts/steps/browser.mjs";
import { ensureBuilt } from "../scripts/steps/build.mjs";

/** Playwright's globalSetup: one build and one browser for all workers. Each starts an app of its own: fixtures.ts. */
export default async function setup() {
  const browser = await findBrowser();
  console.log(`browser: ${browser.executablePath} (${browser.how})`);
  process.env.E2E_BROWSER = JSON.stringify(browser);
  await ensureBuilt();
}
