import { type App, startApp } from "./app";
import { test as base, expect } from "./fixtures";
import { ask, claimToInvoice, payForAll, playMoney, seeState } from "./job-steps";

/** An app of its own whose invoices run out while one watches. */
const test = base.extend<object, { hastyApp: App }>({
  hastyApp: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the dependencies of a fixture from its pattern
    async ({}, use) => {
      const app = await startApp({ INVOICE_EXPIRY_SECONDS: "12", ORDERS_PER_MINUTE: "1000" });
      await use(app);
      await app.stop();
    },
    { scope: "worker", timeout: 300_000 },
  ],
});

test("turned down: the reason, what it cost, and no price for work", async ({ page }) => {
  await ask(page, "Something improper [reject]");
  await playMoney(page).click();
  await seeState(page, "rejected");
  await expect(page.getByText("The judge says")).toBeVisible();
  await expect(page.getByText("does not come back")).toBeVisible();
  await expect(page.getByRole("heading", { name: /are yours$/ })).toHaveCount(0);
  await expect(page.getByRole("link", { name: "Ask for something else" })).toBeVisible();
});

test("the work failed: all that was paid for it comes back", async ({ page }) => {
  await ask(page, "Something dangerous [refuse]");
  await payForAll(page);
  await seeState(page, "failed");
  await expect(page.getByText("is yours to claim")).toBeVisible();
  await claimToInvoice(page);
  await expect(page.getByText("has been paid out")).toBeVisible();
});

test("the judge failed: his fee comes back", async ({ page }) => {
  await ask(page, "Something odd [nonsense]");
  await playMoney(page).click();
  await seeState(page, "failed");
  expect(await claimToInvoice(page)).toBe(10);
});

test("called off, after being asked once more, and asked for anew", async ({ page }) => {
  const first = await ask(page, "Something I regret");
  await page.getByRole("button", { name: "Call it off" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Keep waiting" }).click();
  await expect(playMoney(page)).toBeVisible();
  await page.getByRole("button", { name: "Call it off" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Call it off" }).click();
  await seeState(page, "cancelled");
  await expect(playMoney(page)).toHaveCount(0);
  await page.getByRole("button", { name: /^Ask again/ }).click();
  await expect(page).not.toHaveURL(first);
  await seeState(page, "awaiting_eval_payment");
});

test.describe("where invoices run out quickly", () => {
  test.use({ baseURL: async ({ hastyApp }, use) => use(hastyApp.url) });

  test("expired: nothing was charged, and one click begins anew", async ({ page }) => {
    const first = await ask(page, "Something I forget");
    await expect(page.getByRole("timer")).toContainText("Expires in 0:");
    await seeState(page, "expired");
    await expect(page.getByText("nothing was charged for it")).toBeVisible();
    await expect(page.getByRole("img", { name: /^QR code/ })).toHaveCount(0);
    await page.getByRole("button", { name: /^Ask again/ }).click();
    await expect(page).not.toHaveURL(first);
    await seeState(page, "awaiting_eval_payment");
  });
});

test.describe("a link that leads nowhere", () => {
  test.use({ expectedErrors: /404/ });

  test("an unknown job and an unknown page say so, with a way on", async ({ page }) => {
    await page.goto("/jobs/4ecb3ac1-7b9d-4a43-8f0e-1b2c3d4e5f60");
    await expect(page.getByRole("heading", { name: "No such job" })).toBeVisible();
    await page.goto("/jobs/cut-short");
    await expect(page.getByRole("heading", { name: "No such job" })).toBeVisible();
    await page.goto("/no-such-page");
    await expect(page.getByRole("heading", { name: "No such door" })).toBeVisible();
    await page.getByRole("link", { name: "To the workshop" }).click();
    await expect(page.getByLabel("Your request")).toBeVisible();
  });
});
