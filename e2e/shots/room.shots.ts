import { texts } from "../../src/ui/texts";
import { askInRoom, payForAll, playMoney, seeState } from "../job-steps";
import { atWork, enter, say, tab } from "../room-steps";
import { expect, shot, test } from "./shot";

const t = texts.room;
const asSeen = { whole: false };

test("the flat room: first seen, each tab, a chat, and a job beside it", async ({ page }) => {
  await enter(page);
  await expect(page.getByRole("button", { name: /^Have it judged · 10 sats/ })).toBeVisible();
  await shot(page, "room", asSeen);
  await page.getByRole("link", { name: texts.siteNav.docs }).scrollIntoViewIfNeeded();
  await shot(page, "room-further-down", asSeen);
  await tab(page, "session").click();
  await expect(page.getByRole("tabpanel").locator('a[href="/sessions"]')).toBeVisible();
  await shot(page, "room-tab-session", asSeen);
  await tab(page, "receipt").click();
  await expect(page.getByText(t.receipt.empty)).toBeVisible();
  await shot(page, "room-tab-receipt", asSeen);
  await tab(page, "log").click();
  await expect(page.getByRole("heading", { name: t.log.heading })).toBeVisible();
  await shot(page, "room-tab-log", asSeen);
  await say(page, "Good evening, Timmy. What are you up to?");
  await expect(page.getByRole("log").getByText(t.log.you, { exact: true })).toBeVisible();
  await expect(page.getByRole("log").getByText(t.helpers.names.timmy, { exact: true })).toBeVisible();
  await shot(page, "room-chat", asSeen);

  await tab(page, "hire").click();
  await askInRoom(page, "Write a haiku about patience");
  await shot(page, "room-job-awaiting", asSeen);
  await payForAll(page);
  await seeState(page, "complete");
  await shot(page, "room-job-done", asSeen);
  await page.getByRole("button", { name: t.receipt.see }).click();
  await expect(page.getByRole("region", { name: "Receipt" })).toBeVisible();
  await shot(page, "room-receipt", asSeen);
  await page.goto("/");
  await expect(page.getByText("to claim")).toBeVisible();
  await page.getByText("to claim").scrollIntoViewIfNeeded();
  await shot(page, "room-with-a-job", asSeen);
});

test("the room at work", async ({ page }) => {
  await enter(page);
  await askInRoom(page, "A story about snow [slow]");
  await payForAll(page);
  await expect(playMoney(page)).toHaveCount(0);
  await seeState(page, "executing");
  await expect(atWork(page, "beta")).toBeAttached();
  await shot(page, "room-at-work", asSeen);
});
