import { texts } from "../../src/ui/texts";
import { sessionTexts } from "../../src/ui/texts/sessions";
import { playMoney } from "../job-steps";
import {
  askInSession,
  balanceSats,
  costOfAnswer,
  openPaidSession,
  openSession,
  seeBalance,
  seeSession,
} from "../session-steps";
import { expect, shot, test } from "./shot";

const t = sessionTexts;

test("a session, from its deposit to its end", async ({ page, browser, baseURL }) => {
  await page.goto("/sessions");
  await expect(page.getByText(t.list.empty)).toBeVisible();
  await shot(page, "sessions-none");
  await openSession(page, 500);
  await shot(page, "session-awaiting");
  await playMoney(page).click();
  await seeBalance(page, 500);
  await shot(page, "session-active");
  await askInSession(page, "A haiku about savings [slow]");
  await expect(page.getByText(texts.job.executing.writing)).toBeVisible();
  await shot(page, "session-being-answered");
  await costOfAnswer(page);
  await shot(page, "session-answered");
  await page.reload();
  await page.getByText("A haiku about savings [slow]").click();
  await expect(page.getByText(t.costs.heading)).toBeVisible();
  await shot(page, "session-history");
  await page.getByRole("button", { name: /^Make an invoice for 1,000/ }).click();
  await expect(page.getByRole("heading", { name: t.topup.payHeading })).toBeVisible();
  await shot(page, "session-topup");

  const elsewhere = await browser.newContext({ baseURL: baseURL ?? "", viewport: page.viewportSize() });
  const keyless = await elsewhere.newPage();
  await keyless.goto(page.url());
  await expect(keyless.getByRole("heading", { name: t.keys.noneHeading })).toBeVisible();
  await shot(keyless, "session-without-keys");
  await elsewhere.close();

  await page.getByRole("button", { name: t.close.button }).click();
  await page.getByRole("dialog").getByRole("button", { name: t.close.yes }).click();
  await seeSession(page, "closed");
  await shot(page, "session-closed");
  await page.goto("/sessions");
  await expect(page.getByText(t.states.closed)).toBeVisible();
  await shot(page, "sessions-one");
});

test("paused, and too little", async ({ page }) => {
  await openPaidSession(page, 100);
  for (let rest = 100; rest >= 46; rest = await balanceSats(page)) {
    await askInSession(page, `A haiku at ${rest} sats`);
    await seeBalance(page, rest - (await costOfAnswer(page)));
  }
  await seeSession(page, "paused");
  await shot(page, "session-paused");
});
