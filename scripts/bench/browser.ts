import { type Browser, type BrowserContextOptions, chromium, type Page } from "@playwright/test";
import { launchOptionsOfRun } from "../../e2e/browser";
import { findBrowser } from "../steps/browser.mjs";
import type { Bench } from "./bench";

/** The screen of the journeys. */
export const SCREEN = { width: 1280, height: 800 } as const;

/** The helper by which tsx's output names functions; functions that are sent into a page call it there too. */
const NAMES_NOTHING = "globalThis.__name ??= (it) => it";

/** The Chromium of the journeys, gone at the end. `drawing`: with graphics, in software; else its pages show the flat room. */
export async function openBrowser(bench: Bench, { drawing }: { drawing: boolean }): Promise<Browser> {
  process.env.E2E_BROWSER ??= JSON.stringify(await findBrowser());
  const browser = await chromium.launch(launchOptionsOfRun({ drawing }));
  bench.atEnd(() => browser.close());
  return browser;
}

/** A page of a visitor who has never been here. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: SCREEN, ...options });
  await context.addInitScript(NAMES_NOTHING);
  return context.newPage();
}
