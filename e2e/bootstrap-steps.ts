import type { Page } from "@playwright/test";
import { bootstrapTexts } from "../src/ui/texts/bootstrap";
import { expect } from "./fixtures";
import { playMoney } from "./job-steps";

const t = bootstrapTexts;
const NODE_URL = /\/bootstrap\/[0-9a-f-]{36}$/;

/** A real key of 4096 bits is made for each node, which takes a busy machine a while. */
export const PATIENCE = { timeout: 120_000 };

/** What the page says to a screen reader about the order. */
export const seeNode = (page: Page, state: keyof typeof t.states) =>
  expect(page.getByTestId("state")).toHaveText(t.states[state], PATIENCE);

/** Orders a node and arrives at its page, where the invoice of the fee waits. */
export async function orderNode(page: Page): Promise<string> {
  await page.goto("/bootstrap");
  await page.getByRole("button", { name: /^Order a node · / }).click();
  await page.waitForURL(NODE_URL);
  await expect(page.getByRole("heading", { name: t.pay.heading })).toBeVisible();
  return page.url();
}

export async function orderPaidNode(page: Page): Promise<string> {
  const url = await orderNode(page);
  await playMoney(page).click();
  return url;
}

/** From the ready node to its key on the screen. */
export async function takeKey(page: Page): Promise<string> {
  await page.getByRole("button", { name: t.key.take }).click();
  await page.getByRole("dialog").getByRole("button", { name: t.key.yes }).click();
  const field = page.getByLabel(t.key.label);
  await expect(field).toBeVisible();
  return field.inputValue();
}
