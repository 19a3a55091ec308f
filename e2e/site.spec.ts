import { texts } from "../src/ui/texts";
import { expect, test } from "./fixtures";

/** Width and height as a PNG says them itself (its IHDR). */
const sizeOf = (png: Buffer): string => `${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`;

test("the app can be put on a home screen: every icon is there, in the size that is said", async ({ page }) => {
  await page.goto("/pricing");
  const href = await page.locator('link[rel="manifest"]').getAttribute("href");
  const manifest = await (await page.request.get(href ?? "")).json();
  const pngs = manifest.icons.filter(({ type }: { type: string }) => type === "image/png");
  expect(pngs.map(({ purpose }: { purpose?: string }) => purpose ?? "any").sort()).toEqual(["any", "any", "maskable"]);
  for (const { src, sizes } of pngs) expect(sizeOf(await (await page.request.get(src)).body()), src).toBe(sizes);
  const apple = await page.locator('link[rel="apple-touch-icon"]').getAttribute("href");
  expect(sizeOf(await (await page.request.get(apple ?? "")).body())).toBe("180x180");
});

test("a shared link has a picture, at a whole address", async ({ page, baseURL }) => {
  await page.goto("/pricing");
  const image = await page.locator('meta[property="og:image"]').getAttribute("content");
  expect(image).toBe(`${baseURL}/preview.png`);
  expect(sizeOf(await (await page.request.get(image ?? "")).body())).toBe("1200x630");
  await expect(page.locator('meta[property="og:image:alt"]')).toHaveAttribute("content", texts.site.preview);
});
