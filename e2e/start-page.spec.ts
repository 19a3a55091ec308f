import { expect, test } from "./fixtures";

test("the start page opens and asks for a request", async ({ page }) => {
  await page.goto("/");
  await expect(page).toHaveTitle(/Timmy/);
  await expect(page.getByRole("textbox").first()).toBeEditable();
});
