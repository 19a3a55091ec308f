import { texts } from "../src/ui/texts";
import { launchOptionsOfRun } from "./browser";
import { expect, test } from "./fixtures";
import { countDraws, drawnInASecond, ROOM_MARK, room, roomAppears, takeGraphicsAway } from "./room";

// biome-ignore lint/correctness/noEmptyPattern: Playwright reads the dependencies of a fixture from its pattern
test.use({ launchOptions: async ({}, use) => use(launchOptionsOfRun({ drawing: true })) });

// Drawing in software beside everything else takes what it takes.
test.slow();

const { alpha, delta } = texts.scene.agents;

test("the room appears in the light tier, after the page is usable, and is more than an empty canvas", async ({
  page,
}) => {
  const draws = await countDraws(page);
  await page.goto("/");
  await expect(page.getByRole("textbox").first()).toBeEditable();
  await roomAppears(page);
  const canvas = page.locator("canvas");
  await expect(canvas).toBeVisible();
  // It moves by itself.
  expect(await drawnInASecond(page, draws)).toBeGreaterThan(0);
  // An even picture of this size is some hundred bytes.
  await expect.poll(async () => (await canvas.screenshot()).length).toBeGreaterThan(25_000);
  // Screen readers get words, not a canvas.
  await expect(page.getByRole("img", { name: /stone workshop/ })).toHaveCount(1);
  await expect(page.locator("[aria-hidden=true] canvas")).toHaveCount(1);
});

test("a figure says what it does and is doing, by mouse and by keyboard", async ({ page }) => {
  await page.goto("/");
  await roomAppears(page);
  const judge = page.getByRole("button", { name: `${alpha.name}, ${alpha.role}` });
  // Where the figure stands, not only somewhere: the button lies over the canvas.
  const box = await judge.boundingBox();
  const canvas = await page.locator("canvas").boundingBox();
  if (!box || !canvas) throw new Error("no figure, or no canvas");
  expect(box.x).toBeGreaterThan(canvas.x);
  expect(box.x + box.width).toBeLessThan(canvas.x + canvas.width);
  expect(box.y + box.height).toBeLessThan(canvas.y + canvas.height);
  await judge.click();
  const card = page.getByRole("region", { name: `${alpha.name}, ${alpha.role}` });
  await expect(card).toContainText(alpha.does);
  await expect(card).toContainText(alpha.idle);
  await page.keyboard.press("Escape");
  await expect(card).toBeHidden();
  await expect(judge).toBeFocused();

  await page.getByRole("button", { name: `${delta.name}, ${delta.role}` }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByText(delta.does)).toBeVisible();
});

test("without WebGL the workshop is drawn flat, asks for no 3D code, and its figures speak", async ({ page }) => {
  const askedInVain = await takeGraphicsAway(page);
  const scripts: string[] = [];
  page.on("request", (request) => {
    if (request.resourceType() === "script") scripts.push(request.url());
  });
  await page.goto("/");
  await askedInVain();
  // Had it been answered, the room's script would be asked for by now.
  await page.evaluate(() => new Promise((done) => requestIdleCallback(done)));
  await expect(room(page)).toHaveAttribute("data-scene", "drawn");
  await expect(page.locator("[data-scene] svg").first()).toBeVisible();
  await expect(page.locator("canvas")).toHaveCount(0);
  await page.getByRole("button", { name: `${alpha.name}, ${alpha.role}` }).click();
  await expect(page.getByText(alpha.does)).toBeVisible();
  for (const url of scripts) {
    expect(await (await page.request.get(url)).text(), url).not.toContain(ROOM_MARK);
  }
  await page.getByRole("textbox").first().fill("A haiku about a flat room");
  await expect(page.getByRole("button", { name: /^Have it judged/ })).toBeEnabled();
});

test("with reduced motion a room at rest draws nothing", async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  const draws = await countDraws(page);
  await page.goto("/");
  await roomAppears(page);
  expect(await draws()).toBeGreaterThan(0);
  await expect.poll(() => drawnInASecond(page, draws)).toBe(0);
  await page.mouse.move(200, 200);
  await page.mouse.move(400, 300);
  expect(await drawnInASecond(page, draws)).toBe(0);
});

test("in a hidden tab, and scrolled out of sight, nothing is drawn", async ({ page }) => {
  const draws = await countDraws(page);
  await page.goto("/");
  await roomAppears(page);
  expect(await drawnInASecond(page, draws)).toBeGreaterThan(0);
  const hide = (hidden: boolean) =>
    page.evaluate((is) => {
      Object.defineProperty(document, "hidden", { configurable: true, get: () => is });
      document.dispatchEvent(new Event("visibilitychange"));
    }, hidden);
  await hide(true);
  await expect.poll(() => drawnInASecond(page, draws)).toBe(0);
  await hide(false);
  await expect.poll(() => drawnInASecond(page, draws)).toBeGreaterThan(0);
  await page.evaluate(() => document.body.style.setProperty("padding-top", "300vh"));
  await expect.poll(() => drawnInASecond(page, draws)).toBe(0);
});

test.describe("a context that is lost", () => {
  test.use({ expectedErrors: /context/i });

  test("shows the drawn room until it is given back", async ({ page }) => {
    await page.goto("/");
    await roomAppears(page);
    await page.locator("canvas").evaluate((canvas: HTMLCanvasElement) => {
      const lose = canvas.getContext("webgl2")?.getExtension("WEBGL_lose_context");
      if (!lose) throw new Error("cannot be lost");
      Object.assign(window, { lose });
      lose.loseContext();
    });
    await expect(room(page)).toHaveAttribute("data-scene", "drawn");
    await expect(page.locator("[data-scene] svg").first()).toBeVisible();
    await page.evaluate(() => (window as unknown as { lose: WEBGL_lose_context }).lose.restoreContext());
    await roomAppears(page);
  });
});

test.describe("a room that cannot be fetched", () => {
  test.use({ expectedErrors: /./ });

  test("leaves the drawn one, and the page works", async ({ page }) => {
    await page.route("**/*.js", async (route) => {
      const answer = await route.fetch();
      const isRoom = (await answer.text()).includes(ROOM_MARK);
      return isRoom ? route.abort() : route.fulfill({ response: answer });
    });
    const failed = page.waitForEvent("requestfailed");
    await page.goto("/");
    await failed;
    await expect(room(page)).toHaveAttribute("data-scene", "drawn");
    await page.getByRole("textbox").first().fill("A haiku about a room that never came");
    await expect(page.getByRole("button", { name: /^Have it judged/ })).toBeEnabled();
    // Scripts that are still on their way when the journey is over are nobody's business.
    await page.unrouteAll({ behavior: "ignoreErrors" });
  });
});
