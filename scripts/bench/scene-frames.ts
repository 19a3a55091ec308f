import type { Browser, CDPSession, Page } from "@playwright/test";
import { type Tier, tierOf } from "~/ui/scene/tier";
import { startApp } from "./app";
import { type Bench, dropDatabase } from "./bench";
import { openBrowser, openPage, SCREEN } from "./browser";
import { figure, note, title } from "./report";

/** A machine that the page takes for one of that tier; null: this one, as it is. Only words: what draws stays the same. */
const MACHINES: Readonly<Record<Tier, { renderer: string; cores: number } | null>> = {
  light: null,
  middle: { renderer: "a graphics card", cores: 4 },
  high: { renderer: "a graphics card", cores: 16 },
};
const SHOWN_MS = 120_000;
/** Longer than a room stays awake that nobody stirs. */
const ASLEEP_MS = 60_000;
const IDLE_SECONDS = 5;

/**
 * (l) What a frame of the room costs the processor in each tier of quality, with graphics in software; and that a room
 * at rest, asleep, or in a hidden tab draws none.
 */
export async function sceneFrames(bench: Bench): Promise<void> {
  const [rounds, seconds] = bench.quick ? [2, 1] : [5, 3];
  title(`(l) the room in three dimensions, ${rounds} rounds of ${seconds} s in each tier`);
  const databaseUrl = await bench.database("bench_scene");
  const app = await startApp({ DATA_DIR: bench.folder, DATABASE_URL: databaseUrl });
  bench.atEnd(app.stop);
  const browser = await openBrowser(bench, { drawing: true });
  const whole = await browser.newBrowserCDPSession();
  note(`browser: ${browser.version()}, ${SCREEN.width} × ${SCREEN.height}`);

  for (const [tier, machine] of Object.entries(MACHINES)) {
    const room = await openRoom(browser, app.url, tier as Tier, machine);
    if (tier === "light") note(`renderer: ${room.renderer}`);
    const wholeMs: number[] = [];
    const pageMs: number[] = [];
    const rate: number[] = [];
    for (let round = -1; round < rounds; round += 1) {
      await stir(room.page);
      const took = await room.measure(whole, seconds, { moving: true });
      if (round < 0) continue; // warming up
      wholeMs.push(took.wholeMs / took.frames);
      pageMs.push(took.pageMs / took.frames);
      rate.push(took.frames / took.seconds);
    }
    figure(`${tier}: processor time of a frame in the page's own thread`, pageMs, " ms");
    figure(`${tier}: … in all of the browser, which draws by processor here`, wholeMs, " ms");
    figure(`${tier}: frames that came of it`, rate, " /s");
    if (tier === "light") await restUnseen(room, whole);
    await room.page.context().close();
  }

  const still = await openRoom(browser, app.url, "light", null, true);
  await untilAtRest(still);
  await idle("at rest with reduced motion", still, whole);

  await browser.close();
  await app.stop();
  await dropDatabase(databaseUrl);
}

type Room = Awaited<ReturnType<typeof openRoom>>;

async function restUnseen(room: Room, whole: CDPSession): Promise<void> {
  const hide = (hidden: boolean) =>
    room.page.evaluate((is) => {
      Object.defineProperty(document, "hidden", { configurable: true, get: () => is });
      document.dispatchEvent(new Event("visibilitychange"));
    }, hidden);
  await stir(room.page);
  await hide(true);
  await untilAtRest(room); // the frame that was asked for already is still drawn
  await idle("in a hidden tab (as the page is told it is)", room, whole);
  await hide(false);
  await stir(room.page);
  await untilAtRest(room);
  await idle("asleep, as nobody has stirred for a while", room, whole);
}

async function idle(name: string, room: Room, whole: CDPSession): Promise<void> {
  const { frames, wholeMs } = await room.measure(whole, IDLE_SECONDS);
  figure(`frames in ${IDLE_SECONDS} s ${name}`, [frames], "", { atMost: 0 });
  figure("… processor time of all of the browser a second", [wholeMs / IDLE_SECONDS], " ms");
}

async function untilAtRest(room: Room): Promise<void> {
  const deadline = Date.now() + ASLEEP_MS;
  while ((await room.framesIn(1)) > 0) {
    if (Date.now() > deadline) throw new Error("the room never comes to rest");
  }
}

/** The pointer moves: somebody is there. */
async function stir(page: Page): Promise<void> {
  await page.mouse.move(300, 400);
  await page.mouse.move(320, 420);
}

async function openRoom(
  browser: Browser,
  url: string,
  tier: Tier,
  machine: { renderer: string; cores: number } | null,
  still = false,
) {
  if (machine && tierOf({ ...machine, coarsePointer: false }) !== tier) throw new Error(`that is no ${tier} machine`);
  const page = await openPage(browser, { reducedMotion: still ? "reduce" : "no-preference" });
  await page.addInitScript(countFrames, machine);
  await page.goto(url);
  await page.locator(`[data-scene="${tier}"]`).waitFor({ timeout: SHOWN_MS });
  const counted = () => page.evaluate(() => (window as unknown as Counted).drawnFrames);
  const renderer = await page.evaluate(() => (window as unknown as Counted).trueRenderer);
  const own = await page.context().newCDPSession(page);
  await own.send("Performance.enable");

  /** Seconds of the page's main thread, at whatever work. */
  async function pageSeconds(): Promise<number> {
    const { metrics } = await own.send("Performance.getMetrics");
    const found = metrics.find(({ name }) => name === "TaskDuration");
    if (!found) throw new Error("this browser does not tell what its page takes");
    return found.value;
  }
  /** The seconds are the measure, not a wait for something. */
  const pass = (seconds: number) => page.evaluate((ms) => new Promise((done) => setTimeout(done, ms)), seconds * 1000);
  return {
    page,
    renderer,
    async framesIn(seconds: number): Promise<number> {
      const before = await counted();
      await pass(seconds);
      return (await counted()) - before;
    },
    /** `moving`: for as many times the seconds as it takes until a frame is done. */
    async measure(whole: CDPSession, seconds: number, { moving = false } = {}) {
      const before = { frames: await counted(), page: await pageSeconds(), whole: await wholeSeconds(whole) };
      const from = performance.now();
      do {
        if (performance.now() - from > SHOWN_MS) throw new Error("the room does not move");
        await pass(seconds);
      } while (moving && (await counted()) === before.frames);
      const passed = (performance.now() - from) / 1000;
      const after = { frames: await counted(), page: await pageSeconds(), whole: await wholeSeconds(whole) };
      return {
        frames: after.frames - before.frames,
        seconds: passed,
        pageMs: (after.page - before.page) * 1000,
        wholeMs: (after.whole - before.whole) * 1000,
      };
    },
  };
}

/** Processor seconds of every process of the browser, the one that draws included. */
async function wholeSeconds(whole: CDPSession): Promise<number> {
  const { processInfo } = await whole.send("SystemInfo.getProcessInfo");
  return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}

type Counted = { drawnFrames: number; trueRenderer: string };

/** Runs in the page: counts frames below all that the app could say of itself, and says what the machine shall be. */
function countFrames(machine: { renderer: string; cores: number } | null): void {
  const UNMASKED_RENDERER = 0x9246;
  const counted = Object.assign(window as unknown as Counted, { drawnFrames: 0, trueRenderer: "" });
  let last: CSSNumberish | null = null;
  for (const name of ["drawElements", "drawArrays", "drawElementsInstanced", "drawArraysInstanced"] as const) {
    const real = WebGL2RenderingContext.prototype[name] as (...args: unknown[]) => void;
    Object.assign(WebGL2RenderingContext.prototype, {
      [name](this: WebGL2RenderingContext, ...args: unknown[]) {
        // The time of the document stands still within a frame.
        if (document.timeline.currentTime !== last) counted.drawnFrames += 1;
        last = document.timeline.currentTime;
        return real.apply(this, args);
      },
    });
  }
  const realParameter = WebGL2RenderingContext.prototype.getParameter;
  Object.assign(WebGL2RenderingContext.prototype, {
    getParameter(this: WebGL2RenderingContext, name: number) {
      const value: unknown = realParameter.call(this, name);
      if (name !== UNMASKED_RENDERER) return value;
      counted.trueRenderer = String(value);
      return machine ? machine.renderer : value;
    },
  });
  if (machine) Object.defineProperty(navigator, "hardwareConcurrency", { get: () => machine.cores });
}
