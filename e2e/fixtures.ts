import { test as base, expect } from "@playwright/test";
import { type App, START_LIMIT_MS, startApp } from "./app";
import { launchOptionsOfRun } from "./browser";

type Options = {
  /** Console errors that a journey provokes on purpose: a page that is not there, a server that is gone. */
  expectedErrors: RegExp | undefined;
};
type Checks = { staysHome: undefined; quietConsole: undefined };
type Worker = { app: App };

/** Every journey is a new client to the app; all of them come from one address, so that its limits are out of reach. */
const ROOMY = { ORDERS_PER_MINUTE: "100000", MAX_OPEN_ORDERS: "100000" };

/**
 * Playwright's test on an app that this worker has for itself: what journeys share there (the room, the pool, the books)
 * no other worker changes. Fails a journey whose pages ask outside or complain on the console.
 */
export const test = base.extend<Options & Checks, Worker>({
  expectedErrors: [undefined, { option: true }],

  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the dependencies of a fixture from its pattern
  launchOptions: [async ({}, use) => use(launchOptionsOfRun()), { scope: "worker" }],

  app: [
    // biome-ignore lint/correctness/noEmptyPattern: as above
    async ({}, use) => {
      const app = await startApp(ROOMY);
      await use(app);
      await app.stop();
    },
    { scope: "worker", timeout: START_LIMIT_MS },
  ],

  baseURL: async ({ app }, use) => use(app.url),

  staysHome: [
    async ({ context, baseURL }, use) => {
      const strays: string[] = [];
      const home = new URL(baseURL ?? "").host;
      const check = (url: string) => {
        const { protocol, host } = new URL(url);
        const inside = protocol === "data:" || protocol === "blob:" || protocol === "about:";
        if (!inside && host !== home) strays.push(url);
      };
      context.on("request", (request) => check(request.url()));
      context.on("page", (page) => page.on("websocket", (socket) => check(socket.url())));
      await use(undefined);
      expect(strays, "requests that left the app's own origin").toEqual([]);
    },
    { auto: true },
  ],

  quietConsole: [
    async ({ context, expectedErrors }, use) => {
      const errors: string[] = [];
      const note = (text: string) => {
        if (!expectedErrors?.test(text)) errors.push(text);
      };
      context.on("console", (message) => {
        if (message.type() === "error") note(`${message.text()} (${message.location().url})`);
      });
      context.on("weberror", (event) => note(String(event.error())));
      await use(undefined);
      expect(errors, "errors on the console").toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };
