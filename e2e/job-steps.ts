import type { Page } from "@playwright/test";
import { msat } from "../src/core/money";
import { outsideInvoice } from "../src/testing/outside-node";
import { satsText } from "../src/ui/controls/amounts";
import { texts } from "../src/ui/texts";
import { expect } from "./fixtures";

const JOB_URL = /\/jobs\/[0-9a-f-]{36}$/;
type State = keyof typeof texts.job.states;

/** Asks beside the room, where the first invoice waits then. */
export async function askInRoom(page: Page, request: string): Promise<void> {
  await page.getByLabel(texts.start.label).fill(request);
  await page.getByRole("button", { name: /^Have it judged/ }).click();
  await seeState(page, "awaiting_eval_payment");
}

/** Asks in the room and goes on to the job's own page. */
export async function ask(page: Page, request: string): Promise<string> {
  await page.goto("/");
  await askInRoom(page, request);
  await page.getByRole("link", { name: texts.room.job.ownPage }).click();
  await page.waitForURL(JOB_URL);
  await seeState(page, "awaiting_eval_payment");
  return page.url();
}

/** What the page says to a screen reader about the job. */
export const seeState = (page: Page, state: State) =>
  expect(page.getByTestId("state")).toHaveText(texts.job.states[state]);

export const playMoney = (page: Page) => page.getByRole("button", { name: texts.pay.play });

/** From a new job to the end of its work. */
export async function payForAll(page: Page): Promise<void> {
  await playMoney(page).click();
  await seeState(page, "awaiting_work_payment");
  await playMoney(page).click();
}

/** What the claim panel says is owed, in sats. */
export async function owedSats(page: Page): Promise<number> {
  const heading = page.getByRole("heading", { name: /sats? are yours$/ });
  await expect(heading).toBeVisible();
  return Number.parseInt((await heading.innerText()).replaceAll(",", ""), 10);
}

/** A genuine invoice of the visitor's own wallet. */
export const myInvoice = (sats: number): string =>
  outsideInvoice({ amountMsat: msat(BigInt(sats) * 1000n) }).paymentRequest;

export async function claimToInvoice(page: Page): Promise<number> {
  const sats = await owedSats(page);
  await page.getByLabel(/^Invoice for/).fill(myInvoice(sats));
  await page.getByRole("button", { name: /^Send me/ }).click();
  await expect(page.getByRole("heading", { name: /paid out$/ })).toHaveText(`${satsText(sats)} paid out`);
  return sats;
}

/** Nothing is wider than the screen. */
export async function expectNoSideways(page: Page): Promise<void> {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(over, "pixels beyond the screen's width").toBeLessThanOrEqual(0);
}
