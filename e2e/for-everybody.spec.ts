import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";
import { ask, myInvoice, owedSats, payForAll, playMoney, seeState } from "./job-steps";

/** Every rule that axe has, none left out. */
async function expectAccessible(page: Page, where: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  const said = grave.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  expect(said, where).toEqual([]);
}

/** Presses Tab until the thing has the focus: what cannot be reached fails. */
async function tabTo(page: Page, name: RegExp, role: "button" | "textbox" | "radio" | "link"): Promise<void> {
  const wanted = page.getByRole(role, { name }).first();
  for (let presses = 0; presses < 40; presses += 1) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`no number of tabs leads to ${role} ${name}`);
}

test("axe finds nothing serious, in any state", async ({ page }) => {
  await page.goto("/");
  await expect(page.getByRole("button", { name: /^Have it judged ·/ })).toBeVisible();
  await page.getByText("Words that show what else can happen").click();
  await expectAccessible(page, "start page");
  await page.getByLabel("Your request").fill("x".repeat(501));
  await expectAccessible(page, "start page with a fault");

  await ask(page, "Something for all [slow]");
  await expectAccessible(page, "waiting for the eval fee");
  await page.getByRole("button", { name: "Call it off" }).click();
  await expectAccessible(page, "asked whether to call it off");
  await page.getByRole("button", { name: "Keep waiting" }).click();
  await playMoney(page).click();
  await seeState(page, "awaiting_work_payment");
  await page.getByText("How the price is worked out").click();
  await expectAccessible(page, "waiting for the work price");
  await playMoney(page).click();
  await expect(page.getByText("Timmy is writing")).toBeVisible();
  await expectAccessible(page, "at work");
  await seeState(page, "complete");
  for (const way of ["An invoice", "A Lightning address", "Scan with a wallet"]) {
    await page.getByLabel(way, { exact: true }).check();
    await expectAccessible(page, `claiming: ${way}`);
  }
  await page.getByRole("button", { name: "Show the code" }).click();
  await expect(page.getByRole("img", { name: /^QR code to withdraw/ })).toBeVisible();
  await expectAccessible(page, "withdraw code");
  await page.goto("/");
  await expect(page.getByText("to claim")).toBeVisible();
  await expectAccessible(page, "start page with a job");

  await ask(page, "No [reject]");
  await playMoney(page).click();
  await seeState(page, "rejected");
  await expectAccessible(page, "turned down");
});

test("everything goes by keyboard alone, and focus is never lost", async ({ page }) => {
  await page.goto("/");
  await tabTo(page, /Your request/, "textbox");
  await page.keyboard.type("A haiku without a mouse");
  await tabTo(page, /^Have it judged/, "button");
  await page.keyboard.press("Enter");
  await seeState(page, "awaiting_eval_payment");

  await tabTo(page, /Pay with play money/, "button");
  await page.keyboard.press("Enter");
  await seeState(page, "awaiting_work_payment");
  // The button that was pressed is gone: focus stands at what came instead, not at the top of the page.
  await expect(page.getByRole("heading", { name: "Pay for the work" })).toBeFocused();
  await tabTo(page, /Call it off/, "button");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog").getByRole("button", { name: "Keep waiting" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Call it off" })).toBeFocused();

  await page.keyboard.press("Shift+Tab");
  await page.getByRole("button", { name: "Pay with play money" }).focus();
  await page.keyboard.press("Enter");
  await seeState(page, "complete");
  await expect(page.getByRole("heading", { name: "Timmy's answer" })).toBeFocused();

  const sats = await owedSats(page);
  await tabTo(page, /An invoice/, "radio");
  await page.keyboard.press("ArrowDown");
  await expect(page.getByLabel("A Lightning address", { exact: true })).toBeChecked();
  await page.keyboard.press("ArrowUp");
  await tabTo(page, /^Invoice for/, "textbox");
  await page.keyboard.insertText(myInvoice(sats));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: /paid out$/ })).toBeVisible();
});

test.describe("with reduced motion", () => {
  test.use({ contextOptions: { reducedMotion: "reduce" } });

  test("nothing moves by itself", async ({ page }) => {
    const moving = () => page.evaluate(() => document.getAnimations().length);
    await page.goto("/");
    await expect(page.getByRole("button", { name: /^Have it judged ·/ })).toBeVisible();
    expect(await moving()).toBe(0);
    await ask(page, "A still haiku");
    expect(await moving()).toBe(0);
    await payForAll(page);
    await seeState(page, "complete");
    expect(await moving()).toBe(0);
  });
});

test("whatever is tapped is large enough", async ({ page }) => {
  await ask(page, "A haiku for thumbs");
  await payForAll(page);
  await seeState(page, "complete");
  const small = await page.locator("button, a, summary, input[type=text]").evaluateAll((elements) =>
    elements.flatMap((element) => {
      const { width, height } = element.getBoundingClientRect();
      const inText = element.closest("p, li") !== null;
      return width === 0 || inText || height >= 44 ? [] : [`${element.textContent} (${height} px)`];
    }),
  );
  expect(small).toEqual([]);
});
