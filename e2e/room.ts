import type { Page } from "@playwright/test";
import { expect } from "./fixtures";

/** A word of the room's shader: only the script of the room has it. */
export const ROOM_MARK = "uCandle";

const DRAWS = ["drawElements", "drawArrays", "drawElementsInstanced", "drawArraysInstanced"] as const;

/** Counts what is really asked of the graphics, below everything that the app could report about itself. */
export async function countDraws(page: Page): Promise<() => Promise<number>> {
  await page.addInitScript((names) => {
    const counted = window as unknown as { draws: number };
    counted.draws = 0;
    for (const name of names) {
      const real = WebGL2RenderingContext.prototype[name] as (...args: unknown[]) => void;
      Object.assign(WebGL2RenderingContext.prototype, {
        [name](this: WebGL2RenderingContext, ...args: unknown[]) {
          counted.draws++;
          return real.apply(this, args);
        },
      });
    }
  }, DRAWS);
  return () => page.evaluate(() => (window as unknown as { draws: number }).draws);
}

/** A machine without graphics, as it looks to a page. Returns how to wait until the page has asked for them in vain. */
export async function takeGraphicsAway(page: Page): Promise<() => Promise<unknown>> {
  await page.addInitScript(() => {
    const real = HTMLCanvasElement.prototype.getContext;
    Object.assign(HTMLCanvasElement.prototype, {
      getContext(this: HTMLCanvasElement, kind: string, ...more: unknown[]) {
        if (kind.startsWith("webgl")) {
          Object.assign(window, { askedInVain: true });
          return null;
        }
        return Reflect.apply(real, this, [kind, ...more]);
      },
    });
  });
  return () => page.waitForFunction(() => "askedInVain" in window, undefined, { timeout: 120_000 });
}

/** What is drawn in the second that follows. The second is the measure, not a wait for something. */
export async function drawnInASecond(page: Page, draws: () => Promise<number>): Promise<number> {
  const before = await draws();
  await page.evaluate(() => new Promise((done) => setTimeout(done, 1000)));
  return (await draws()) - before;
}

export const room = (page: Page) => page.locator("[data-scene]");

/** In the tier for software, once the page is quiet, its script is there and the first frame is drawn. */
export const roomAppears = (page: Page) =>
  expect(room(page)).toHaveAttribute("data-scene", "light", { timeout: 120_000 });
