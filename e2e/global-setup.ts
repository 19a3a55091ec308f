import { findBrowser } from "../scripts/steps/browser.mjs";
import { startApp } from "./app";

/** Every journey is a new client to the app; all of them come from one address, so that its limits are out of reach. */
const ROOMY = { ORDERS_PER_MINUTE: "100000", MAX_OPEN_ORDERS: "100000" };

/** Playwright's globalSetup: one browser and one app for the run, told to the workers. Returns the app's end. */
export default async function setup() {
  const browser = await findBrowser();
  console.log(`browser: ${browser.executablePath} (${browser.how})`);
  process.env.E2E_BROWSER = JSON.stringify(browser);
  const app = await startApp(ROOMY);
  process.env.E2E_URL = app.url;
  return app.stop;
}
