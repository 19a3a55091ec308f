import type { Page } from "@playwright/test";
import { texts } from "../src/ui/texts";
import { expect } from "./fixtures";

/** What this is, a request to write, and the button that sends it: all of it without scrolling. */
export async function seesWhatThereIsToDo(page: Page): Promise<void> {
  await page.goto("/");
  await expect(page).toHaveTitle(/Timmy/);
  await expect(page.getByRole("heading", { level: 1, name: texts.site.name })).toBeInViewport({ ratio: 1 });
  const field = page.getByLabel(texts.start.label);
  await expect(field).toBeEditable();
  await expect(field).toBeInViewport({ ratio: 1 });
  const button = page.getByRole("button", { name: /^Have it judged · / });
  await expect(button).toBeInViewport({ ratio: 1 });
  // Nor does the bar to talk with lie over it.
  const covered = await button.evaluate((element) => {
    const { left, right, top, bottom } = element.getBoundingClientRect();
    const corners = [top + 2, bottom - 2].map((y) => document.elementFromPoint((left + right) / 2, y));
    return corners.some((found) => !element.contains(found));
  });
  expect(covered).toBe(false);
}
