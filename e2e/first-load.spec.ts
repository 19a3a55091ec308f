import { gzipSync } from "node:zlib";
import { texts } from "../src/ui/texts";
import { launchOptionsOfRun } from "./browser";
import { expect, test } from "./fixtures";
import { askInRoom } from "./job-steps";
import { ROOM_MARK } from "./room";
import { bubble, enter, say } from "./room-steps";

// biome-ignore lint/correctness/noEmptyPattern: Playwright reads the dependencies of a fixture from its pattern
test.use({ launchOptions: async ({}, use) => use(launchOptionsOfRun({ drawing: true })) });

/** An empty page with tRPC, react-query and superjson is 155 kB of it. */
const MOST_BYTES = 215_000;

test("what the HTML of the start page loads is at most 215 kB of script, gzipped, and nothing of the room", async ({
  request,
}) => {
  const html = await (await request.get("/")).text();
  // Preloads count. What is for browsers without modules alone (Next's polyfills) is loaded by none that runs the rest.
  const tags = [...html.matchAll(/<(?:script|link)\b[^>]*>/g)]
    .map(([tag]) => tag)
    .filter((tag) => !/\bnomodule\b/i.test(tag));
  const paths = new Set(tags.flatMap((tag) => /(?:src|href)="(\/[^"]+\.js)"/.exec(tag)?.[1] ?? []));
  let bytes = 0;
  for (const path of paths) {
    const script = await (await request.get(path)).body();
    expect(script.includes(ROOM_MARK), path).toBe(false);
    bytes += gzipSync(script).length;
  }
  console.log(`first load: ${bytes} bytes gzipped in ${paths.size} scripts`);
  // Else the scripts were not found, and nothing was weighed.
  expect(bytes).toBeGreaterThan(100_000);
  expect(bytes).toBeLessThanOrEqual(MOST_BYTES);
});

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
