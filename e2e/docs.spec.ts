import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";

async function expectAccessible(page: Page, where: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  const said = grave.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  expect(said, where).toEqual([]);
}

const card = (page: Page, name: string) => page.getByRole("article", { name, exact: true });

test("from the start page to an answer of the API", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("link", { name: "Docs", exact: true }).click();
  await expect(page).toHaveTitle(/The API/);
  const estimate = card(page, "GET /api/estimate");
  await estimate.locator("summary").first().click();
  await estimate.getByLabel("request").fill("A haiku about kettles");
  await estimate.getByRole("button", { name: "Send" }).click();
  await expect(estimate.getByRole("status").getByText('"estimatedSats"')).toBeVisible();
  await expectAccessible(page, "an endpoint open and tried");
});

test.describe("what the API refuses", () => {
  test.use({ expectedErrors: /400/ });

  test("is shown with its code", async ({ page }) => {
    await page.goto("/docs");
    const create = card(page, "POST /api/jobs");
    await create.locator("summary").first().click();
    await create.getByLabel("Body", { exact: true }).fill('{"request": ""}');
    await create.getByRole("button", { name: "Send" }).click();
    await expect(create.getByRole("status").getByText("REQUEST_MISSING").first()).toBeVisible();
    await expectAccessible(page, "an endpoint open and refused");
  });
});

test("what a problem's type points to is there, in view and in focus", async ({ page }) => {
  await page.goto("/docs#JOB_NOT_FOUND");
  const problem = page.locator("#JOB_NOT_FOUND");
  await expect(problem).toBeFocused();
  await expect(problem).toBeInViewport();
  await expect(problem.getByText("There is no job with this id.")).toBeVisible();
  await expectAccessible(page, "a problem");
});

test("every code that the description knows has its place", async ({ page, request }) => {
  const document = await (await request.get("/api/openapi.json")).json();
  await page.goto("/docs");
  await expect(page.locator("#ROUTE_NOT_FOUND")).toBeAttached();
  for (const { code } of document["x-problem-types"]) await expect(page.locator(`[id="${code}"]`)).toHaveCount(1);
});

test("an endpoint's own address opens it", async ({ page }) => {
  await page.goto("/docs#jobs.create");
  await expect(card(page, "POST /api/jobs").getByRole("button", { name: "Send" })).toBeVisible();
});

test("goes by keyboard alone", async ({ page }) => {
  await page.goto("/docs#healthz");
  const health = card(page, "GET /api/healthz");
  await expect(health).toBeFocused();
  const send = health.getByRole("button", { name: "Send" });
  for (let presses = 0; presses < 20; presses += 1) {
    if (await send.evaluate((element) => element === document.activeElement)) break;
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Enter");
  await expect(health.getByRole("status").getByText('"simulated"')).toBeVisible();
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 360, height: 740 } });

  test("nothing is wider than the screen, and what is tapped is large enough", async ({ page }) => {
    await page.goto("/docs#jobs.refund");
    await expect(card(page, "POST /api/jobs/{jobId}/refund").getByRole("button", { name: "Send" })).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    const small = await page.locator("button, a, summary, input").evaluateAll((elements) =>
      elements.flatMap((element) => {
        const { width, height } = element.getBoundingClientRect();
        const inText = element.closest("p, li") !== null;
        return width === 0 || inText || height >= 44 ? [] : [`${element.textContent} (${height} px)`];
      }),
    );
    expect(small).toEqual([]);
    await expectAccessible(page, "phone");
  });
});
