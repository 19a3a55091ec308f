import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";
import { ask, claimToInvoice, payForAll, playMoney, seeState } from "./job-steps";
import { wire } from "./wire";

test("two browsers watch one job; only the one with the key may claim", async ({ page, browser, baseURL }) => {
  const url = await ask(page, "A riddle for two [slow]");
  const other = await browser.newContext({ baseURL: baseURL ?? "" });
  const second = await other.newPage();
  await second.goto(url);
  await seeState(second, "awaiting_eval_payment");
  // Anybody may pay; calling it off is for who asked.
  await expect(second.getByRole("button", { name: "Call it off" })).toHaveCount(0);
  await playMoney(second).click();
  for (const one of [page, second]) await seeState(one, "awaiting_work_payment");
  await playMoney(page).click();
  for (const one of [page, second]) await expect(one.getByText("This is a canned answer")).toBeVisible();
  for (const one of [page, second]) await seeState(one, "complete");
  await expect(second.getByText("waiting for whoever has the refund key")).toBeVisible();

  const token = await page.evaluate(() => JSON.parse(localStorage.getItem("timmy.jobs") ?? "[]")[0].refundToken);
  await second.goto(`${url}#refund=${token}`);
  await second.reload();
  await expect(second).toHaveURL(url);
  // A wrong link takes no key away.
  await second.goto(`${url}#refund=${"x".repeat(43)}`);
  await expect(second).toHaveURL(url);
  await claimToInvoice(second);
  await expect(page.getByRole("heading", { name: /paid out$/ })).toBeVisible();
  await other.close();

  // Where the wrong link comes first, the right one's key takes the place of what the server refuses.
  const fresh = await browser.newContext({ baseURL: baseURL ?? "" });
  const third = await fresh.newPage();
  await third.goto(`${url}#refund=${"x".repeat(43)}`);
  await seeState(third, "complete");
  await third.goto(`${url}#refund=${token}`);
  await expect(third).toHaveURL(url);
  await third.getByRole("button", { name: "Delete the text" }).click();
  await third.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(third.getByText("The text of this job was deleted.")).toBeVisible();
  await fresh.close();
});

/** Keeps what the page shows of the answer while it is written. */
const recordDrafts = (page: Page) =>
  page.addInitScript(() => {
    const drafts: string[] = [];
    Object.assign(window, { drafts });
    setInterval(() => {
      const draft = document.querySelector("section[aria-busy=true] > div")?.textContent;
      if (draft && draft !== drafts.at(-1)) drafts.push(draft);
    }, 50);
  });
const letters = (text: string): string => text.replace(/[^\p{L}]/gu, "");

test.describe("a connection that breaks", () => {
  let line: Awaited<ReturnType<typeof wire>>;
  test.use({
    expectedErrors: /ERR_|Failed to fetch|net::/,
    baseURL: async ({ baseURL }, use) => {
      line = await wire(baseURL ?? "");
      await use(line.url);
      line.close();
    },
  });

  test("the answer goes on where it was cut off: nothing lost, nothing doubled", async ({ page }) => {
    await recordDrafts(page);
    await ask(page, "A story with a hole in it [slow]");
    await payForAll(page);
    await expect(page.getByText("This is a canned answer")).toBeVisible();
    const before = await page.evaluate(() => (window as unknown as { drafts: string[] }).drafts.length);
    line.cut();
    await expect(page.getByText("Live", { exact: true })).toHaveCount(0);
    line.mend();
    await expect(page.getByText("Live", { exact: true })).toBeVisible();
    await seeState(page, "complete");

    const whole = letters(await page.locator("section:has(> h2#answer-heading) > div").first().innerText());
    const drafts = await page.evaluate(() => (window as unknown as { drafts: string[] }).drafts);
    expect(drafts.length, "drafts drawn after the cut").toBeGreaterThan(before);
    for (const draft of drafts) expect(whole.startsWith(letters(draft)), draft).toBe(true);
  });

  test("a payment during the silence is seen when the line is back", async ({ page, request, app }) => {
    const url = await ask(page, "A question into the dark");
    await expect(page.getByText("Live", { exact: true })).toBeVisible();
    const jobId = url.slice(-36);
    const answer = await request.get(`${app.url}/api/jobs/${jobId}`);
    const { evalInvoice } = await answer.json();
    line.cut();
    await expect(page.getByText("No connection.")).toBeVisible();
    await request.post(`${app.url}/api/dev/stub/pay/${evalInvoice.paymentHash}`);
    line.mend();
    await seeState(page, "awaiting_work_payment");
  });
});

test.describe("where live updates are blocked", () => {
  test.use({ expectedErrors: /jobs\.watch|ERR_|503/ });

  test("polls take their place", async ({ page }) => {
    await page.route(/jobs\.watch/, (route) => route.fulfill({ status: 503, body: "" }));
    await ask(page, "A haiku by post");
    await expect(page.getByText("checking every few seconds")).toBeVisible();
    await payForAll(page);
    await seeState(page, "complete");
    await claimToInvoice(page);
  });
});
