import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { texts } from "../src/ui/texts";
import { exportTexts } from "../src/ui/texts/export";
import { sessionTexts } from "../src/ui/texts/sessions";
import { expect, test } from "./fixtures";
import { claimToInvoice, expectNoSideways, playMoney } from "./job-steps";
import {
  askInSession,
  balanceSats,
  costOfAnswer,
  openPaidSession,
  openSession,
  seeBalance,
  seeSession,
} from "./session-steps";

const t = sessionTexts;

async function expectAccessible(page: Page, where: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const said = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  expect(said, where).toEqual([]);
  await expectNoSideways(page);
}
const answer = (page: Page) => page.getByRole("region", { name: texts.job.answerHeading });

test("deposit, ask, read it as it is written, top up, close, take the rest back; a reload at every step", async ({
  page,
}) => {
  await page.goto("/sessions");
  await expect(page.getByText(t.list.empty)).toBeVisible();
  await expectAccessible(page, "sessions, none yet");
  await openSession(page, 500);
  await seeSession(page, "awaiting_payment");
  await expectAccessible(page, "deposit");
  await page.reload();
  await seeSession(page, "awaiting_payment");
  await playMoney(page).click();
  await seeBalance(page, 500);
  await seeSession(page, "active");
  await page.reload();
  await seeBalance(page, 500);
  await expectAccessible(page, "open");

  await askInSession(page, "A haiku about savings [slow]");
  await expect(page.getByText(texts.job.executing.writing)).toBeVisible();
  await expectAccessible(page, "being answered");
  const cost = await costOfAnswer(page);
  expect(cost).toBeGreaterThan(0);
  await seeBalance(page, 500 - cost);
  await expectAccessible(page, "answered");
  await page.reload();
  await seeBalance(page, 500 - cost);
  await page.getByText("A haiku about savings [slow]").click();
  await expect(page.getByText(t.costs.heading)).toBeVisible();
  await expectAccessible(page, "history");

  await page.getByRole("button", { name: /^Make an invoice for 1,000/ }).click();
  await expect(page.getByRole("heading", { name: t.topup.payHeading })).toBeVisible();
  await expectAccessible(page, "top-up");
  await page.reload();
  await expect(page.getByRole("heading", { name: t.topup.payHeading })).toBeVisible();
  await expect(page.getByRole("img", { name: /^QR code/ })).toHaveCount(1);
  await playMoney(page).click();
  await seeBalance(page, 1500 - cost);
  await expect(page.getByText(t.topup.paid(`${(1500 - cost).toLocaleString("en")} sats`))).toBeVisible();

  await page.getByRole("button", { name: t.close.button }).click();
  await expectAccessible(page, "asked whether to close");
  await page.getByRole("dialog").getByRole("button", { name: t.close.no }).click();
  await seeSession(page, "active");
  await page.getByRole("button", { name: t.close.button }).click();
  await page.getByRole("dialog").getByRole("button", { name: t.close.yes }).click();
  await seeSession(page, "closed");
  await page.reload();
  await seeSession(page, "closed");
  await expectAccessible(page, "closed");
  expect(await claimToInvoice(page)).toBe(1500 - cost);
  await page.reload();
  await expect(page.getByRole("heading", { name: /paid out$/ })).toBeVisible();
  await page.goto("/sessions");
  await expect(page.getByText(t.states.closed)).toBeVisible();
  await expectAccessible(page, "sessions, one of them");
});

test("turned down and failed say what they cost", async ({ page }) => {
  await openPaidSession(page, 300);
  await askInSession(page, "Something improper [reject]");
  await expect(answer(page).getByText(t.answer.rejected, { exact: true })).toBeVisible();
  const cost = await costOfAnswer(page);
  await seeBalance(page, 300 - cost);
  await askInSession(page, "Something dangerous [refuse]");
  await expect(answer(page).getByText(t.answer.failed, { exact: true })).toBeVisible();
  expect(await costOfAnswer(page)).toBe(0);
  await seeBalance(page, 300 - cost);
});

test("a reload while Timmy writes loses nothing", async ({ page }) => {
  await openPaidSession(page, 300);
  await askInSession(page, "A haiku that outlives its page [slow]");
  await expect(page.getByText(texts.job.executing.writing)).toBeVisible();
  await page.reload();
  await expect(page.getByText(t.costs.heading)).toBeVisible();
  await expect.poll(() => balanceSats(page)).toBeLessThan(300);
  await expect(page.getByText("A haiku that outlives its page [slow]", { exact: true })).toHaveCount(1);
});

test.describe("with what the server refuses", () => {
  test.use({ expectedErrors: /402|409|ERR_FAILED|ERR_INTERNET_DISCONNECTED|ERR_INCOMPLETE/ });

  test("too little: how much is missing, and one press to the top-up that is enough", async ({ page }) => {
    await openPaidSession(page, 100);
    const long = "x".repeat(400);
    await askInSession(page, long);
    await expect(page.getByText(/sats short for this request. Nothing was run/)).toBeVisible();
    expect(await balanceSats(page)).toBe(100);
    await expectAccessible(page, "too little");
    await page.getByRole("button", { name: /^Top up by/ }).click();
    await page.getByRole("button", { name: /^Make an invoice for/ }).click();
    await playMoney(page).click();
    await expect.poll(() => balanceSats(page)).toBeGreaterThan(100);
    await page.getByRole("button", { name: /^Ask/ }).click();
    expect(await costOfAnswer(page)).toBeGreaterThan(0);
  });

  test("a top-up that waits already is the one that is shown, and paid once for all tabs", async ({
    page,
    context,
  }) => {
    await openPaidSession(page, 200);
    // A tab that hears of nothing: no feed, and its one look was before.
    const deaf = await context.newPage();
    await deaf.route(/sessions\.(watch|ticket)/, (route) => route.abort());
    await deaf.goto(page.url());
    await seeBalance(deaf, 200);
    await deaf.route(/sessions\.peek/, (route) => route.abort());
    await page.getByRole("button", { name: /^Make an invoice for 1,000/ }).click();
    await expect(page.getByRole("heading", { name: t.topup.payHeading })).toBeVisible();
    const first = await page.getByRole("link", { name: texts.pay.open }).getAttribute("href");
    await deaf.getByLabel(t.topup.amount).fill("700");
    await deaf.getByRole("button", { name: /^Make an invoice for 700/ }).click();
    await expect(deaf.getByText(t.topup.pending)).toBeVisible();
    expect(await deaf.getByRole("link", { name: texts.pay.open }).getAttribute("href")).toBe(first);
    await expectAccessible(deaf, "a top-up that waited");
    await deaf.unroute(/sessions\.peek/);
    await playMoney(deaf).click();
    await seeBalance(page, 1200);
    await seeBalance(deaf, 1200);
  });

  test("the connection breaks while Timmy writes: the answer is fetched, and paid for once", async ({
    page,
    context,
  }) => {
    await openPaidSession(page, 300);
    await askInSession(page, "A haiku through a storm [slow]");
    await expect(page.getByText(texts.job.executing.writing)).toBeVisible();
    await context.setOffline(true);
    await context.setOffline(false);
    const cost = await costOfAnswer(page);
    await seeBalance(page, 300 - cost);
    await page.reload();
    await expect(page.getByText("A haiku through a storm [slow]")).toHaveCount(1);
  });

  test("the connection breaks before the server was reached: asked again under the same key", async ({ page }) => {
    await openPaidSession(page, 300);
    let tries = 0;
    const keys = new Set<string | undefined>();
    await page.route(/\/request$/, async (route) => {
      tries += 1;
      keys.add(route.request().headers()["idempotency-key"]);
      await (tries === 1 ? route.abort() : route.continue());
    });
    await askInSession(page, "A haiku, sent twice");
    const cost = await costOfAnswer(page);
    await seeBalance(page, 300 - cost);
    expect(tries).toBe(2);
    expect(keys.size).toBe(1);
  });
});

test("paused is said in plain words, and forbids nothing", async ({ page }) => {
  await openPaidSession(page, 100);
  for (let rest = 100; rest >= 46; rest = await balanceSats(page)) {
    await askInSession(page, `A haiku at ${rest} sats`);
    await seeBalance(page, rest - (await costOfAnswer(page)));
  }
  await seeSession(page, "paused");
  await expect(page.getByText(t.balance.paused)).toBeVisible();
  await expectAccessible(page, "paused");
  await expect(page.getByRole("button", { name: /^Ask/ })).toBeVisible();
});

test("the keys can be carried to another browser, and no request has them in its address", async ({
  page,
  browser,
  context,
  baseURL,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: baseURL ?? "" });
  const addresses: string[] = [];
  page.on("request", (request) => addresses.push(request.url()));
  await openPaidSession(page, 250);
  await page.getByRole("button", { name: t.keys.copy }).click();
  await expect(page.getByText(texts.common.copied)).toBeVisible();
  const keys = await page.evaluate(() => navigator.clipboard.readText());
  const { macaroon, refundToken } = JSON.parse(keys) as { macaroon: string; refundToken: string };

  const elsewhere = await browser.newContext({ baseURL: baseURL ?? "" });
  const second = await elsewhere.newPage();
  second.on("request", (request) => addresses.push(request.url()));
  await second.goto(page.url());
  await expect(second.getByRole("heading", { name: t.keys.noneHeading })).toBeVisible();
  await expectAccessible(second, "without keys");
  await second.getByLabel(t.keys.label).fill("{}");
  await second.getByRole("button", { name: t.keys.use }).click();
  await expect(second.getByText(t.keys.wrong)).toBeVisible();
  await second.getByLabel(t.keys.label).fill(keys);
  await second.getByRole("button", { name: t.keys.use }).click();
  await seeBalance(second, 250);
  for (const secret of [macaroon, encodeURIComponent(macaroon), refundToken]) {
    expect(addresses.filter((address) => address.includes(secret))).toEqual([]);
  }
  await elsewhere.close();
});

test("what this browser keeps can be taken along as JSON", async ({ page }) => {
  await openSession(page, 150);
  await page.goto("/sessions");
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: exportTexts.button }).click(),
  ]);
  const chunks: Buffer[] = [];
  for await (const chunk of await file.createReadStream()) chunks.push(chunk as Buffer);
  const kept = JSON.parse(Buffer.concat(chunks).toString("utf8"));
  expect(kept).toMatchObject({ jobs: [], sessions: [{ sessionId: expect.any(String), macaroon: expect.any(String) }] });
});

test("closed before it was paid: nothing is waited for any more", async ({ page }) => {
  await openSession(page, 150);
  await page.getByRole("button", { name: t.close.button }).click();
  await page.getByRole("dialog").getByRole("button", { name: t.close.yes }).click();
  await seeSession(page, "closed");
  await expect(page.getByRole("img", { name: /^QR code/ })).toHaveCount(0);
  await expect(page.getByRole("link", { name: t.expired.again })).toBeVisible();
});
