import type { Page } from "@playwright/test";
import { texts } from "../src/ui/texts";
import { expect } from "./fixtures";

const t = texts.room;

/** Comes into the room, and waits until it is live. */
export async function enter(page: Page): Promise<void> {
  await page.goto("/");
  await expect(page.getByTestId("visitors")).toHaveAttribute("data-connection", "live");
}

export async function say(page: Page, line: string): Promise<void> {
  await page.getByLabel(t.say.label).fill(line);
  await page.keyboard.press("Enter");
}

export const tab = (page: Page, name: keyof typeof t.tabs) => page.getByRole("tab", { name: t.tabs[name] });
/** There while the helper is at work. */
export const atWork = (page: Page, helper: string) => page.locator(`[data-agent=${helper}][data-state=working]`);
export const bubble = (page: Page) => page.getByTestId("bubble");

/** Notes from now on whether Timmy is seen thinking, which may be over before one looks. Returns how to wait for it. */
export async function watchForThinking(page: Page): Promise<() => Promise<void>> {
  await page.evaluate((word) => {
    const noted = Object.assign(window, { thought: false });
    new MutationObserver(() => {
      noted.thought ||= document.querySelector('[data-testid="bubble"]')?.textContent?.includes(word) ?? false;
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  }, t.thinking);
  return () => expect.poll(() => page.evaluate(() => (window as unknown as { thought: boolean }).thought)).toBe(true);
}

/** Each line of the log: who spoke, and what. Turns to the log. */
export async function log(page: Page): Promise<string[]> {
  await tab(page, "log").click();
  const lines = page.getByRole("log").locator("li[data-agent]");
  return lines.evaluateAll((found) =>
    found.map((line) => `${line.dataset.agent}: ${line.lastElementChild?.textContent}`),
  );
}
