import { ask, claimToInvoice, payForAll, playMoney, seeState } from "../job-steps";
import { expect, shot, test } from "./shot";

const REQUEST = "Write a haiku about patience";

test("a job, from the question to the change", async ({ page }) => {
  await ask(page, `${REQUEST} [slow]`);
  await shot(page, "job-awaiting-eval");
  await playMoney(page).click();
  await seeState(page, "awaiting_work_payment");
  await page.getByText("How the price is worked out").click();
  await shot(page, "job-judged");
  await playMoney(page).click();
  await expect(page.getByText("This is a canned answer")).toBeVisible();
  await seeState(page, "executing");
  await shot(page, "job-at-work");
  await seeState(page, "complete");
  await shot(page, "job-done");
  await page.getByLabel("A Lightning address", { exact: true }).check();
  await shot(page, "job-claim-address");
  await page.getByLabel("Scan with a wallet", { exact: true }).check();
  await page.getByRole("button", { name: "Show the code" }).click();
  await expect(page.getByRole("img", { name: /^QR code to withdraw/ })).toBeVisible();
  await shot(page, "job-claim-qr");
  await page.getByLabel("An invoice", { exact: true }).check();
  await claimToInvoice(page);
  await shot(page, "job-claimed");
});

test("being judged", async ({ page }) => {
  await ask(page, `${REQUEST} [judge-fail]`);
  await playMoney(page).click();
  await seeState(page, "evaluating");
  await shot(page, "job-being-judged");
});

test("turned down", async ({ page }) => {
  await ask(page, `${REQUEST} [reject]`);
  await playMoney(page).click();
  await seeState(page, "rejected");
  await shot(page, "job-rejected");
});

test("failed", async ({ page }) => {
  await ask(page, `${REQUEST} [refuse]`);
  await payForAll(page);
  await seeState(page, "failed");
  await expect(page.getByRole("heading", { name: /are yours$/ })).toBeVisible();
  await shot(page, "job-failed");
});

test("cut short", async ({ page }) => {
  await ask(page, `${REQUEST} [truncate]`);
  await payForAll(page);
  await seeState(page, "complete");
  await shot(page, "job-truncated");
});

test("called off", async ({ page }) => {
  await ask(page, REQUEST);
  await page.getByRole("button", { name: "Call it off" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await shot(page, "job-cancel-asked", { whole: false });
  await page.getByRole("dialog").getByRole("button", { name: "Call it off" }).click();
  await seeState(page, "cancelled");
  await shot(page, "job-cancelled");
});

test("links that lead nowhere", async ({ page }) => {
  await page.goto("/jobs/4ecb3ac1-7b9d-4a43-8f0e-1b2c3d4e5f60");
  await expect(page.getByRole("heading", { name: "No such job" })).toBeVisible();
  await shot(page, "job-unknown");
  await page.goto("/no-such-page");
  await expect(page.getByRole("heading", { name: "No such door" })).toBeVisible();
  await shot(page, "404");
});

test.describe("where invoices run out quickly", () => {
  test.use({ baseURL: async ({ hastyApp }, use) => use(hastyApp) });

  test("expired", async ({ page }) => {
    await ask(page, REQUEST);
    await seeState(page, "expired");
    await shot(page, "job-expired");
  });
});
