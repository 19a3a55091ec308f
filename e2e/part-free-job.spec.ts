import AxeBuilder from "@axe-core/playwright";
import type { Locator, Page } from "@playwright/test";
import { satsText } from "../src/ui/controls/amounts";
import { texts } from "../src/ui/texts";
import { loginTexts } from "../src/ui/texts/login";
import { poolTexts } from "../src/ui/texts/pool";
import { type App, startApp } from "./app";
import { test as base, expect } from "./fixtures";
import { askInRoom, claimToInvoice, payForAll, playMoney, seeState } from "./job-steps";
import { beginLogin, extension, seeProfile } from "./login-steps";

/** What the pool pays for an identity of the first tier in a day: less than any work costs. */
const BUDGET_SATS = 5;

/** An app where one paid job earns a trust that is worth a few sats. */
const test = base.extend<object, { frugalApp: App }>({
  frugalApp: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the dependencies of a fixture from its pattern
    async ({}, use) => {
      const app = await startApp({ TRUST_ESTABLISHED: "1", BUDGET_ESTABLISHED_SATS: String(BUDGET_SATS) });
      await use(app);
      await app.stop();
    },
    { scope: "worker", timeout: 300_000 },
  ],
  baseURL: async ({ frugalApp }, use) => use(frugalApp.url),
});

async function expectAccessible(page: Page, where: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const said = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  expect(said, where).toEqual([]);
}

/** The sats in a line of a list of figures. */
async function satsOf(list: Locator, name: string): Promise<number> {
  const value = list.getByText(name, { exact: true }).locator("xpath=..").locator(".amount");
  return Number.parseInt((await value.innerText()).replaceAll(",", ""), 10);
}

test("trusted a little: the pool pays a part of a job, the visitor the rest, and the receipt says who paid what", async ({
  page,
}) => {
  const { signer } = await extension(page);
  await page.goto("/");
  await beginLogin(page);
  await seeProfile(page, "new");
  await askInRoom(page, "A haiku to be trusted for");
  await payForAll(page);
  await seeState(page, "complete");

  await page.getByRole("button", { name: texts.room.job.another }).click();
  await askInRoom(page, "A haiku that the jar helps with");
  await playMoney(page).click();
  await seeState(page, "awaiting_work_payment");
  await page.getByText(texts.pay.breakdown).click();
  const prices = page.locator("details", { hasText: texts.pay.breakdown });
  const rows = texts.pay.breakdownRows;
  const quoteSats = await satsOf(prices, rows.quote);
  const restSats = await satsOf(prices, rows.amount);
  expect(await satsOf(prices, rows.absorbed)).toBe(BUDGET_SATS);
  expect(restSats).toBe(quoteSats - BUDGET_SATS);
  await expect(page.getByText(texts.pay.workPart(satsText(BUDGET_SATS), satsText(quoteSats)))).toBeVisible();
  await expect(page.getByRole("img", { name: texts.pay.qr(satsText(restSats)) })).toBeVisible();
  await expectAccessible(page, "a price that is shared");

  await playMoney(page).click();
  await seeState(page, "complete");
  await page.getByRole("link", { name: texts.room.job.ownPage }).click();
  const receipt = page.getByRole("region", { name: texts.receipt.heading });
  const names = texts.receipt.rows;
  expect(await satsOf(receipt, names.absorbed)).toBe(BUDGET_SATS);
  expect(await satsOf(receipt, names.paid)).toBe(restSats);
  const chargedSats = await satsOf(receipt, names.charged);
  expect(chargedSats).toBeGreaterThan(0);
  await expectAccessible(page, "a receipt of two who paid");
  // What was not used comes back to the visitor, not to the pool.
  expect(await claimToInvoice(page)).toBe(restSats - chargedSats);

  await seeProfile(page, "established");
  await page.getByRole("button", { name: loginTexts.profile.open("established") }).click();
  const given = page.getByText(loginTexts.profile.paidToday).locator("xpath=..");
  await expect(given).toContainText(satsText(BUDGET_SATS));
  await page.goto("/pool");
  const grants = page.getByRole("region", { name: poolTexts.grants.heading });
  await expect(grants.getByRole("row").filter({ hasText: satsText(BUDGET_SATS) })).toHaveCount(1);
  await expect(page.locator("body")).not.toContainText(signer.pubkey.slice(0, 8));
});
