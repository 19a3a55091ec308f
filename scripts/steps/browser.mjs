/**
 * Finds a Chromium for the tests, or gets one: by whatever way this machine allows, and proves it by launching it.
 * Node's own modules and Playwright only.
 */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { installFromApt, installFromNpm, installFromPlaywright } from "./browser-install.mjs";

const NAMES_ON_PATH = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const LAUNCH_TIMEOUT_MS = 45_000;

/**
 * The ways, in order. Each resolves to what to launch, or to nothing where this machine does not have it;
 * a throw says why it could not be had.
 * @type {[name: string, find: (playwright: import("playwright-core").BrowserType) => unknown][]}
 */
const WAYS = [
  ["CHROMIUM_PATH", () => at(process.env.CHROMIUM_PATH)],
  ["Playwright's own", (playwright) => atIfThere(playwright.executablePath())],
  ["on the PATH", () => onPath()],
  [
    "playwright install chromium",
    async (playwright) => {
      await installFromPlaywright();
      return atIfThere(playwright.executablePath());
    },
  ],
  [
    "apt-get install chromium",
    async () => {
      await installFromApt();
      return onPath();
    },
  ],
  ["npm package @sparticuz/chromium", () => installFromNpm()],
];

/**
 * The first browser that really opens a page. Throws with what was tried when there is none.
 * @param {{ ways?: string[], say?: (line: string) => void }} [options] `ways` limits the search to these names
 * @returns {Promise<{ executablePath: string, args: string[], how: string }>}
 */
export async function findBrowser({ ways = WAYS.map(([name]) => name), say = console.log } = {}) {
  const { chromium } = await import("@playwright/test");
  const tried = [];
  for (const [how, find] of WAYS) {
    if (!ways.includes(how)) continue;
    try {
      for (const { executablePath, args } of [(await find(chromium)) || []].flat()) {
        await prove(chromium, { executablePath, args });
        return { executablePath, args, how };
      }
      tried.push(`${how}: not here`);
    } catch (error) {
      tried.push(`${how}: ${firstLines(error)}`);
      say(`browser: ${how} did not work: ${firstLines(error, 1)}`);
    }
  }
  throw new Error(
    `No browser for the tests. Install Chromium or Chrome, or set CHROMIUM_PATH to one. Tried:\n` +
      tried.map((line) => `  - ${line}`).join("\n"),
  );
}

/** A version number proves nothing: a browser may lack libraries, fonts or rights. Throws unless it opens a page. */
async function prove(playwright, { executablePath, args }) {
  const browser = await playwright.launch({ executablePath, args, timeout: LAUNCH_TIMEOUT_MS });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(LAUNCH_TIMEOUT_MS);
    await page.goto("about:blank");
    const sum = await page.evaluate(() => 20 + 22);
    if (sum !== 42) throw new Error("its pages run no script");
  } finally {
    await browser.close();
  }
}

const at = (executablePath) => executablePath && { executablePath, args: [] };
const atIfThere = (executablePath) => existsSync(executablePath) && at(executablePath);

const onPath = () =>
  NAMES_ON_PATH.flatMap((name) => (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, name)))
    .filter((path) => existsSync(path))
    .map(at);

const firstLines = (error, count = 3) =>
  String(error?.message ?? error)
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean)
    .slice(0, count)
    .join(" / ");
