import { loginTexts } from "../../src/ui/texts/login";
import { poolTexts } from "../../src/ui/texts/pool";
import { pricingTexts } from "../../src/ui/texts/pricing";
import { beginLogin, dialog, extension, openMenu, seeProfile } from "../login-steps";
import { askInSession, costOfAnswer, openPaidSession } from "../session-steps";
import { ADMIN_TOKEN, expect, shot, test } from "./shot";

test("pricing, docs, the pool", async ({ page }) => {
  await page.goto("/pricing");
  await expect(page.getByRole("heading", { name: pricingTexts.kept.heading })).toBeVisible();
  await shot(page, "pricing");
  await page.goto("/docs");
  await expect(page.getByText("/api/jobs", { exact: true }).first()).toBeVisible();
  await shot(page, "docs", { whole: false });
  await page.goto("/pool");
  await expect(page.getByTestId("pool-balance")).toContainText("sats");
  await shot(page, "pool");
});

test("the login: asked, no extension, the profile", async ({ page, context }) => {
  await page.goto("/sessions");
  await openMenu(page);
  await shot(page, "menu", { whole: false });
  await page.getByRole("button", { name: loginTexts.button, exact: true }).click();
  await expect(dialog(page)).toContainText(loginTexts.lead);
  await shot(page, "login", { whole: false });
  await dialog(page).getByRole("button", { name: loginTexts.start }).click();
  await expect(dialog(page).getByRole("heading", { name: loginTexts.absentHeading })).toBeVisible();
  await shot(page, "login-no-extension", { whole: false });

  const other = await context.newPage();
  await extension(other);
  await other.goto("/sessions");
  await beginLogin(other);
  await seeProfile(other, "new");
  await other.getByRole("button", { name: loginTexts.profile.open("new") }).click();
  await expect(other.getByRole("heading", { name: loginTexts.profile.heading })).toBeVisible();
  await shot(other, "profile", { whole: false });
});

test.describe("where trust comes quickly", () => {
  test.use({ baseURL: async ({ hastyApp }, use) => use(hastyApp) });

  test("the pool has paid", async ({ page }) => {
    await extension(page);
    await page.goto("/sessions");
    await beginLogin(page);
    await seeProfile(page, "new");
    await openPaidSession(page, 500);
    for (const request of ["A haiku to be trusted for", "A haiku on the house"]) {
      await askInSession(page, request);
      await costOfAnswer(page);
    }
    await page.goto("/pool");
    const log = page.getByRole("region", { name: poolTexts.grants.heading });
    await expect(log.getByRole("row")).toHaveCount(2);
    await shot(page, "pool-with-grant");
    await seeProfile(page, "established");
    await page.getByRole("button", { name: loginTexts.profile.open("established") }).click();
    await expect(page.getByText(/ of 50 sats/)).toBeVisible();
    await shot(page, "profile-established", { whole: false });
  });
});

test.describe("the operator's room", () => {
  test.use({ baseURL: async ({ gloomyApp }, use) => use(gloomyApp) });

  test("its door, and what is behind it", async ({ page }) => {
    await page.goto("/admin");
    await expect(page.getByLabel("Operator's token")).toBeVisible();
    await shot(page, "admin-door");
    await page.getByLabel("Operator's token").fill(ADMIN_TOKEN);
    await page.getByRole("button", { name: "Open the room" }).click();
    await expect(page.getByRole("region", { name: "Money" })).toBeVisible();
    await shot(page, "admin");
  });
});
