import { expect, test } from "./fixtures";
import { ask, seeState } from "./job-steps";

test("the price follows what is typed, and the counter what the server counts", async ({ page }) => {
  await page.goto("/");
  const field = page.getByLabel("Your request");
  const price = page.getByText(/^at most \d+ sats$/);
  const before = await price.textContent();
  await field.fill("🧙".repeat(400));
  await expect(page.getByText("400 of 500 characters")).toBeAttached();
  await expect(price).not.toHaveText(before ?? "");
});

test("what the server would refuse is named before it is sent", async ({ page }) => {
  const sent: string[] = [];
  page.on("request", (request) => {
    if (request.url().includes("jobs.create")) sent.push(request.url());
  });
  await page.goto("/");
  const field = page.getByLabel("Your request");
  const submit = page.getByRole("button", { name: /^Have it judged/ });
  await submit.click();
  await expect(page.getByText("First write what Timmy should do.")).toBeVisible();
  await expect(field).toBeFocused();
  await field.fill("x".repeat(503));
  await expect(page.getByText("3 characters too many.")).toBeVisible();
  await submit.click();
  await expect(field).toHaveAttribute("aria-invalid", "true");
  expect(sent).toEqual([]);
});

test("an answer that was lost on its way is fetched, not asked for twice", async ({ page }) => {
  await page.goto("/");
  const keys: string[] = [];
  const jobs = new Set<string>();
  await page.route(/jobs\.create/, async (route) => {
    keys.push(route.request().headers()["idempotency-key"] ?? "");
    const answer = await route.fetch();
    jobs.add((await answer.json()).result.data.jobId);
    if (keys.length === 1) await route.fulfill({ status: 502, body: "" });
    else await route.fulfill({ response: answer });
  });
  await page.getByLabel("Your request").fill("A haiku about lost letters");
  await page.getByRole("button", { name: /^Have it judged/ }).click();
  await expect(page.getByRole("alert").filter({ hasText: "did not answer" })).toBeVisible();
  await page.getByRole("button", { name: /^Have it judged/ }).click();
  await seeState(page, "awaiting_eval_payment");
  expect(new Set(keys).size).toBe(1);
  expect(jobs.size).toBe(1);
});
test.use({ expectedErrors: /502/ });

test("the same text once more is another job", async ({ page }) => {
  const first = await ask(page, "A haiku, please");
  expect(await ask(page, "A haiku, please")).not.toBe(first);
});
