import { texts } from "../src/ui/texts";
import { launchOptionsOfRun } from "./browser";
import { expect, test } from "./fixtures";
import { askInRoom } from "./job-steps";
import { ROOM_MARK } from "./room";
import { bubble, enter, say } from "./room-steps";

// biome-ignore lint/correctness/noEmptyPattern: Playwright reads the dependencies of a fixture from its pattern
test.use({ launchOptions: async ({}, use) => use(launchOptionsOfRun({ drawing: true })) });

test("while the room's scripts do not come, one talks with Timmy and hires him", async ({ page }) => {
  let held = 0;
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route("**/*.js", async (route) => {
    const answer = await route.fetch();
    if ((await answer.text()).includes(ROOM_MARK)) {
      held += 1;
      await released;
    }
    await route.fulfill({ response: answer });
  });
  await enter(page);
  await expect.poll(() => held, { timeout: 60_000 }).toBeGreaterThan(0);
  await say(page, "Good evening, early bird");
  await expect(page.getByLabel(texts.room.say.label)).toHaveValue("");
  await expect(bubble(page).getByText(texts.room.thinking)).toHaveCount(0);
  await askInRoom(page, "A haiku about patience");
  await expect(page.locator("canvas")).toHaveCount(0);
  release();
  await page.unrouteAll({ behavior: "wait" });
});
