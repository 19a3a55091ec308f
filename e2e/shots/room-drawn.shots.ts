import { texts } from "../../src/ui/texts";
import { launchOptionsOfRun } from "../browser";
import { askInRoom, payForAll, seeState } from "../job-steps";
import { roomAppears } from "../room";
import { atWork, enter } from "../room-steps";
import { expect, shot, test } from "./shot";

test.slow();
// biome-ignore lint/correctness/noEmptyPattern: Playwright reads the dependencies of a fixture from its pattern
test.use({ launchOptions: async ({}, use) => use(launchOptionsOfRun({ drawing: true })) });

const { alpha } = texts.scene.agents;
const asSeen = { whole: false };

test("the room in three dimensions, and what a figure says of itself", async ({ page }) => {
  await enter(page);
  await roomAppears(page);
  await shot(page, "room-3d", asSeen);
  if (test.info().project.name === "desktop") {
    const usual = page.viewportSize();
    await page.setViewportSize({ width: 1920, height: 1080 });
    await shot(page, "room-3d-wide", asSeen);
    if (usual) await page.setViewportSize(usual);
  }
  await page.getByRole("button", { name: `${alpha.name}, ${alpha.role}` }).click();
  await expect(page.getByText(alpha.does)).toBeVisible();
  await shot(page, "room-3d-figure", asSeen);
  await page.keyboard.press("Escape");
  await askInRoom(page, "A story about snow [slow]");
  await payForAll(page);
  await seeState(page, "executing");
  await expect(atWork(page, "beta")).toBeAttached();
  await shot(page, "room-3d-at-work", asSeen);
});
