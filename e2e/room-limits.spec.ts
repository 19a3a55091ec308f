import { texts } from "../src/ui/texts";
import { type App, startApp } from "./app";
import { test as base, expect } from "./fixtures";
import { bubble, enter, log, say } from "./room-steps";

/** An app of its own, in which nobody else has spoken yet. */
const test = base.extend<object, { quiet: App }>({
  quiet: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the dependencies of a fixture from its pattern
    async ({}, use) => {
      const app = await startApp();
      await use(app);
      await app.stop();
    },
    { scope: "worker", timeout: 300_000 },
  ],
  baseURL: async ({ quiet }, use) => use(quiet.url),
});

test("the fourth line of a minute: Timmy asks for a moment, and nobody else hears of it", async ({
  page,
  browser,
  baseURL,
}) => {
  const other = await browser.newContext({ baseURL: baseURL ?? "" });
  const second = await other.newPage();
  await enter(second);
  await enter(page);
  for (const line of ["One", "Two", "Three"]) {
    await say(page, line);
    await expect.poll(() => log(second)).toContain(`visitor: ${line}`);
    await expect.poll(async () => (await log(second)).at(-1)).toMatch(/^timmy: /);
  }
  await say(page, "Four");
  await expect(bubble(page)).toContainText("One moment, friend");
  await expect(page.getByLabel(texts.room.say.label)).toHaveValue("Four");
  const mine = await log(page);
  expect(mine.at(-1)).toMatch(/^timmy: One moment, friend/);
  await expect(page.getByRole("log").getByText(texts.room.log.onlyYou)).toBeVisible();
  const theirs = await log(second);
  expect(theirs.join("\n")).not.toMatch(/Four|One moment/);
  expect(theirs).toHaveLength(6);
  await other.close();
});
