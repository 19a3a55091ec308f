import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { texts } from "../src/ui/texts";
import { loginTexts } from "../src/ui/texts/login";
import { poolTexts } from "../src/ui/texts/pool";
import { sessionTexts } from "../src/ui/texts/sessions";
import { type App, startApp } from "./app";
import { test as base, expect } from "./fixtures";
import { expectNoSideways } from "./job-steps";
import { beginLogin, dialog, extension, openMenu, seeProfile } from "./login-steps";
import { askInSession, costOfAnswer, openPaidSession } from "./session-steps";

const t = loginTexts;

/** An app where trust comes quickly. */
const test = base.extend<object, { kindApp: App }>({
  kindApp: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the dependencies of a fixture from its pattern
    async ({}, use) => {
      const app = await startApp({ TRUST_ESTABLISHED: "1", ORDERS_PER_MINUTE: "1000", IDENTITY_PER_MINUTE: "1000" });
      await use(app);
      await app.stop();
    },
    { scope: "worker", timeout: 300_000 },
  ],
});

async function expectAccessible(page: Page, where: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`),
    where,
  ).toEqual([]);
  await expectNoSideways(page);
}

test("an extension that signs: logged in, the profile, after a reload too, and out again", async ({
  page,
  baseURL,
}) => {
  const { signer, signed } = await extension(page);
  await page.goto("/sessions");
  await openMenu(page);
  await page.getByRole("button", { name: t.button, exact: true }).click();
  await expect(dialog(page)).toContainText(t.lead);
  await expectAccessible(page, "login");
  await dialog(page).getByRole("button", { name: t.start }).click();
  await seeProfile(page, "new");
  await expect(page.getByRole("button", { name: t.profile.open("new") })).toBeFocused();
  expect(signed).toMatchObject([
    {
      kind: 22242,
      tags: [
        ["relay", baseURL],
        ["challenge", expect.any(String)],
      ],
    },
  ]);

  const sent: (string | undefined)[] = [];
  page.on("request", (request) => {
    if (request.url().includes("/api/trpc")) sent.push(request.headers()["x-nostr-token"]);
  });
  await page.reload();
  await seeProfile(page, "new");
  await page.getByRole("button", { name: t.profile.open("new") }).click();
  await expect(page.getByText(signer.pubkey.slice(0, 8))).toBeVisible();
  await expect(page.getByText(t.profile.budgetNone)).toBeVisible();
  await expectAccessible(page, "profile");
  expect(sent.length).toBeGreaterThan(0);
  expect(sent.every((token) => token !== undefined)).toBe(true);

  await page.getByRole("button", { name: t.profile.logOut }).click();
  await openMenu(page);
  await expect(page.getByRole("button", { name: t.button, exact: true })).toBeVisible();
  sent.length = 0;
  await page.reload();
  await expect(page.getByText(/Enough for about/)).toBeVisible();
  expect(sent.filter((token) => token !== undefined)).toEqual([]);
});

test("one that comes late is waited for", async ({ page }) => {
  await extension(page, { after: 3_000 });
  await page.goto("/sessions");
  await beginLogin(page);
  await expect(dialog(page)).toContainText(t.looking);
  await seeProfile(page, "new");
});

test("where there is none, it is said what that is, and there is a way out", async ({ page }) => {
  await page.goto("/sessions");
  await beginLogin(page);
  await expect(dialog(page).getByRole("heading", { name: t.absentHeading })).toBeVisible();
  await expectAccessible(page, "no extension");
  await dialog(page).getByRole("button", { name: t.cancel }).click();
  await expect(dialog(page)).toHaveCount(0);
  await expect(page.getByRole("button", { name: /^Open a session ·/ })).toBeVisible();
});

test("one that says no, and then yes", async ({ page }) => {
  await extension(page, { refusals: 1 });
  await page.goto("/sessions");
  await beginLogin(page);
  await expect(dialog(page).getByRole("heading", { name: t.refusedHeading })).toBeVisible();
  await expectAccessible(page, "refused");
  await dialog(page).getByRole("button", { name: t.again }).click();
  await seeProfile(page, "new");
});

test("one that says nothing: left by Escape, or after a minute, and tried again", async ({ page }) => {
  await page.clock.install();
  await extension(page, { silences: 2 });
  await page.goto("/sessions");
  await beginLogin(page);
  await expect(dialog(page)).toContainText(t.asking);
  await page.keyboard.press("Escape");
  await expect(dialog(page)).toHaveCount(0);
  await beginLogin(page);
  await expect(dialog(page)).toContainText(t.asking);
  await page.clock.fastForward(61_000);
  await expect(dialog(page).getByRole("heading", { name: t.silentHeading })).toBeVisible();
  await dialog(page).getByRole("button", { name: t.again }).click();
  await seeProfile(page, "new");
});

test("all of it by keyboard", async ({ page }) => {
  await extension(page);
  await page.goto("/sessions");
  await openMenu(page);
  await page.getByRole("button", { name: t.button, exact: true }).focus();
  await page.keyboard.press("Enter");
  await expect(dialog(page)).toBeVisible();
  await page.keyboard.press("Tab");
  for (let presses = 0; presses < 4; presses += 1) {
    if (
      await dialog(page)
        .getByRole("button", { name: t.start })
        .evaluate((it) => it === document.activeElement)
    )
      break;
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Enter");
  const me = page.getByRole("button", { name: t.profile.open("new") });
  await expect(me).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: t.profile.heading })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("heading", { name: t.profile.heading })).toHaveCount(0);
});

test.describe("a token that is not good any more", () => {
  test.use({ expectedErrors: /401/ });

  test("logs out with a word, and what one was doing goes on", async ({ page }) => {
    await extension(page);
    await page.goto("/sessions");
    await beginLogin(page);
    await seeProfile(page, "new");
    await page.evaluate(() => {
      const login = JSON.parse(localStorage.getItem("timmy.login") ?? "{}");
      localStorage.setItem("timmy.login", JSON.stringify({ ...login, token: `${login.token}x` }));
    });
    await page.reload();
    await expect(page.getByText(t.loggedOut)).toBeVisible();
    await expectAccessible(page, "logged out");
    await page.getByRole("button", { name: t.dismiss }).click();
    await expect(page.getByText(t.loggedOut)).toHaveCount(0);
    await expect(page.getByText(/Enough for about/)).toBeVisible();
    await openMenu(page);
    await expect(page.getByRole("button", { name: t.button, exact: true })).toBeVisible();
  });
});

test.describe("where trust comes quickly", () => {
  test.use({ baseURL: async ({ kindApp }, use) => use(kindApp.url) });

  test("paid work earns trust, the pool pays the next one, and everybody can see that it did", async ({ page }) => {
    const { signer } = await extension(page);
    await page.goto("/sessions");
    await beginLogin(page);
    await seeProfile(page, "new");
    await openPaidSession(page, 500);
    await askInSession(page, "A haiku to be trusted for");
    const cost = await costOfAnswer(page);
    expect(cost).toBeGreaterThan(0);
    await askInSession(page, "A haiku on the house");
    const given = page.getByRole("region", { name: texts.job.answerHeading }).getByText(sessionTexts.costs.heading);
    await expect(given).toBeVisible();
    await given.click();
    await expect(page.getByText(sessionTexts.costs.pool)).toBeVisible();

    await page.reload();
    await seeProfile(page, "established");
    await page.getByRole("button", { name: t.profile.open("established") }).click();
    const paid = page.getByText(t.profile.paidToday).locator("xpath=..");
    await expect(paid).not.toContainText("0 sats");
    await expect(page.getByText(/ of 50 sats/)).toBeVisible();

    await page.goto("/pool");
    const log = page.getByRole("region", { name: poolTexts.grants.heading });
    await expect(log.getByRole("row")).toHaveCount(2);
    await expect(page.locator("body")).not.toContainText(signer.pubkey.slice(0, 8));
    await expectAccessible(page, "pool with a grant");
  });
});
