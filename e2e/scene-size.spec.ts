import { gzipSync } from "node:zlib";
import type { Page } from "@playwright/test";
import { launchOptionsOfRun } from "./browser";
import { expect, test } from "./fixtures";
import { roomAppears, takeGraphicsAway } from "./room";

// biome-ignore lint/correctness/noEmptyPattern: Playwright reads the dependencies of a fixture from its pattern
test.use({ launchOptions: async ({}, use) => use(launchOptionsOfRun({ drawing: true })) });

test.slow();

const MOST_BYTES = 330_000;

/** Every script that the start page has asked for, gzipped, by its path. */
async function scriptsOf(page: Page, ready: () => Promise<unknown>): Promise<Map<string, number>> {
  const sizes = new Map<string, Promise<number>>();
  page.on("response", (response) => {
    if (response.request().resourceType() !== "script") return;
    sizes.set(
      new URL(response.url()).pathname,
      response.body().then((body) => gzipSync(body).length),
    );
  });
  await page.goto("/");
  await ready();
  return new Map(await Promise.all([...sizes].map(async ([path, size]) => [path, await size] as const)));
}

test("the room's own scripts are at most 330 kB gzipped", async ({ page, context }) => {
  const withRoom = await scriptsOf(page, () => roomAppears(page));
  const flat = await context.newPage();
  const without = await scriptsOf(flat, await takeGraphicsAway(flat));
  const own = [...withRoom].filter(([path]) => !without.has(path));
  const bytes = own.reduce((sum, [, size]) => sum + size, 0);
  console.log(`the room: ${bytes} bytes gzipped in ${own.length} scripts`);
  // Else nothing was loaded late, and there is nothing to weigh.
  expect(bytes).toBeGreaterThan(100_000);
  expect(bytes).toBeLessThanOrEqual(MOST_BYTES);
});
