import { startApp } from "./app";

/** Every journey is a new client to the app; all of them come from one address, so that its limits are out of reach. */
const ROOMY = { ORDERS_PER_MINUTE: "100000", MAX_OPEN_ORDERS: "100000" };

/** Playwright's globalSetup: one app for the run. Returns its end. */
export default async function setup() {
  const app = await startApp(ROOMY);
  process.env.E2E_URL = app.url;
  return app.stop;
}
