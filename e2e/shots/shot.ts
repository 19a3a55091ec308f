import type { Page } from "@playwright/test";
import { startApp } from "../app";
import { test as base, expect } from "../fixtures";

type Apps = { hastyApp: string; gloomyApp: string };
export const ADMIN_TOKEN = "the token of an operator in a picture";

const ROOMY = { ORDERS_PER_MINUTE: "1000", MAX_OPEN_ORDERS: "1000" };

/** The journeys' test, with two more apps for the states that the usual one does not get into. */
export const test = base.extend<object, Apps>({
  // Links that lead nowhere are among the states.
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the dependencies of a fixture from its pattern
  expectedErrors: async ({}, use) => use(/40[149]/),
  /** Its invoices run out while one watches, its nodes take their time, and trust comes quickly. */
  hastyApp: [
    // biome-ignore lint/correctness/noEmptyPattern: as above
    async ({}, use) => {
      const app = await startApp({
        ...ROOMY,
        INVOICE_EXPIRY_SECONDS: "12",
        BOOTSTRAP_INVOICE_EXPIRY_SECONDS: "12",
        BOOTSTRAP_SIMULATED_SECONDS: "60",
        TRUST_ESTABLISHED: "1",
      });
      await use(app.url);
      await app.stop();
    },
    { scope: "worker", timeout: 300_000 },
  ],
  /** Its nodes fail, and its payouts are held back. */
  gloomyApp: [
    // biome-ignore lint/correctness/noEmptyPattern: as above
    async ({}, use) => {
      const app = await startApp({ ...ROOMY, BOOTSTRAP_SIMULATED_NODES: "fail", PAYOUTS: "off", ADMIN_TOKEN });
      await use(app.url);
      await app.stop();
    },
    { scope: "worker", timeout: 300_000 },
  ],
});
/** What comes and goes by itself over the page: the coin that says that a payment has arrived. */
const PASSING = "[data-testid=paid-mark] { visibility: hidden }";

/** The page as it stands, on a screen as high as all of it unless told: shots/desktop/NAME.png, shots/phone/NAME.png. */
export async function shot(page: Page, name: string, { whole = true } = {}): Promise<void> {
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  const screen = page.viewportSize();
  if (!screen) throw new Error("a page without a size");
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  if (whole) await page.setViewportSize({ ...screen, height: Math.max(screen.height, height) });
  const path = `shots/${test.info().project.name}/${name}.png`;
  await page.screenshot({ path, animations: "disabled", style: PASSING });
  await page.setViewportSize(screen);
}

export { expect };
