import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { satsText, wholeNumber } from "../src/ui/controls/amounts";
import { texts } from "../src/ui/texts";
import { poolTexts } from "../src/ui/texts/pool";
import { pricingTexts } from "../src/ui/texts/pricing";
import { expect, test } from "./fixtures";
import { expectNoSideways } from "./job-steps";
import { askInSession, costOfAnswer, openPaidSession } from "./session-steps";

async function expectAccessible(page: Page, where: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`),
    where,
  ).toEqual([]);
  await expectNoSideways(page);
}

test("the pool: balance, flows as a picture, a sentence and a table, and what paid work brings", async ({ page }) => {
  const t = poolTexts;
  await openPaidSession(page, 2000);
  for (const one of ["first", "second"]) {
    await askInSession(page, `${one} ${"word ".repeat(60)}`);
    await costOfAnswer(page);
  }
  await page.goto("/pool");
  const told = await (await page.request.get("/api/pool?days=30")).json();
  await expect(page.getByTestId("pool-balance")).toContainText(wholeNumber(told.balanceSats));
  expect(told.days.at(-1).creditedSats).toBeGreaterThan(0);
  await expect(page.locator("figcaption")).toContainText("flowed in from paid work");
  await expectAccessible(page, "pool");

  await page.getByText(t.chart.table).click();
  const today = page.getByRole("row").filter({ hasText: told.days.at(-1).day });
  await expect(today).toContainText(wholeNumber(told.days.at(-1).creditedSats));
  await expect(page.getByRole("table").first().getByRole("row")).toHaveCount(31);
  await expectAccessible(page, "pool's table");
  await page.getByLabel(t.chart.range(7)).check();
  await expect(page.getByRole("table").first().getByRole("row")).toHaveCount(8);
  await expect(page.getByText(t.budgets.sats("1,000 sats"))).toBeVisible();
});

test("what everything costs, by the settings and prices of this moment, and what does not come back", async ({
  page,
}) => {
  const t = pricingTexts;
  await page.goto("/pricing");
  const told = await (await page.request.get("/api/pricing")).json();
  const estimate = await (await page.request.get(`/api/estimate?request=${"x".repeat(120)}`)).json();
  expect(told.requests[0]).toMatchObject({
    jobSats: estimate.estimatedSats,
    sessionSats: estimate.sessionEstimatedSats,
  });
  for (const { upToCharacters, jobSats } of told.requests) {
    const row = page.getByRole("row").filter({ hasText: t.table.upTo(wholeNumber(upToCharacters)) });
    await expect(row).toContainText(satsText(jobSats));
  }
  await expect(page.getByRole("heading", { name: t.kept.heading })).toBeVisible();
  await expect(page.getByText(t.kept.items(satsText(told.evalFeeSats))[0] ?? "")).toBeVisible();
  await expectAccessible(page, "pricing");
});

test("every page is reached from every other, on a phone behind a button, by keyboard too", async ({ page }) => {
  const t = texts.siteNav;
  await page.goto("/pricing");
  const menu = page.getByRole("button", { name: t.menu });
  for (const name of [t.pool, t.sessions, t.docs, t.pricing]) {
    if (await menu.isVisible()) {
      await menu.focus();
      await page.keyboard.press("Enter");
    }
    await page.getByRole("navigation", { name: t.label }).getByRole("link", { name, exact: true }).click();
    await expect(
      page
        .getByRole("navigation", { name: t.label, includeHidden: true })
        .getByRole("link", { name, includeHidden: true }),
    ).toHaveAttribute("aria-current", "page");
  }
  if (await menu.isVisible()) {
    await menu.click();
    await page.keyboard.press("Escape");
    await expect(menu).toBeFocused();
    await expect(menu).toHaveAttribute("aria-expanded", "false");
  }
});
