import { seesWhatThereIsToDo } from "./first-screen";
import { test } from "./fixtures";

test("the first screen says what this is, asks for a request, and has the button that sends it", async ({ page }) => {
  await seesWhatThereIsToDo(page);
});
