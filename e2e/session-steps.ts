import type { Page } from "@playwright/test";
import { texts } from "../src/ui/texts";
import { sessionTexts } from "../src/ui/texts/sessions";
import { expect } from "./fixtures";
import { playMoney } from "./job-steps";

const t = sessionTexts;
const SESSION_URL = /\/sessions\/[0-9a-f-]{36}$/;

/** What the page says to a screen reader about the session. */
export const seeSession = (page: Page, state: keyof typeof t.states) =>
  expect(page.getByTestId("state")).toHaveText(t.states[state]);

/** Opens a session and arrives at its page, where the invoice of the deposit waits. */
export async function openSession(page: Page, sats: number): Promise<void> {
  await page.goto("/sessions");
  await page.getByLabel(t.open.amount).fill(String(sats));
  await page.getByRole("button", { name: /^Open a session ·/ }).click();
  await page.waitForURL(SESSION_URL);
  await expect(page.getByRole("heading", { name: t.deposit.heading })).toBeVisible();
}

export async function openPaidSession(page: Page, sats: number): Promise<void> {
  await openSession(page, sats);
  await playMoney(page).click();
  await seeBalance(page, sats);
}

export async function balanceSats(page: Page): Promise<number> {
  const text = await page.getByTestId("balance").locator(".amount").innerText();
  return Number.parseInt(text.replaceAll(",", ""), 10);
}

export const seeBalance = (page: Page, sats: number) => expect.poll(() => balanceSats(page)).toBe(sats);

export async function askInSession(page: Page, request: string): Promise<void> {
  await page.getByLabel(t.ask.label, { exact: true }).fill(request);
  await page.getByRole("button", { name: /^Ask/ }).click();
}

/** What the answer on the page has cost, once it is there. */
export async function costOfAnswer(page: Page): Promise<number> {
  const costs = page.getByRole("region", { name: texts.job.answerHeading }).getByText(t.costs.heading);
  await expect(costs).toBeVisible();
  return Number.parseInt(await costs.locator("xpath=..").locator(".amount").innerText(), 10);
}
