import { seesWhatThereIsToDo } from "./first-screen";
import { test } from "./fixtures";
import { expectNoSideways } from "./job-steps";

for (const [screen, width, height] of [
  ["a phone on its side", 740, 360],
  ["a tablet", 820, 1180],
  ["a tablet on its side", 1024, 768],
  ["a small window", 1100, 640],
] as const) {
  test.describe(screen, () => {
    test.use({ viewport: { width, height } });
    test("has all there is to do on its first screen", async ({ page }) => {
      await seesWhatThereIsToDo(page);
      await expectNoSideways(page);
    });
  });
}
