import { test as base, expect } from "@playwright/test";
import { launchOptionsOfRun } from "./browser";

type Options = {
  /** Console errors that a journey provokes on purpose: a page that is not there, a server that is gone. */
  expectedErrors: RegExp | undefined;
};
type Checks = { staysHome: undefined; quietConsole: undefined };

/** Playwright's test on the app of this run; fails a journey whose pages ask outside or complain on the console. */
export const test = base.extend<Options & Checks>({
  expectedErrors: [undefined, { option: true }],

  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the dependencies of a fixture from its pattern
  launchOptions: [async ({}, use) => use(launchOptionsOfRun()), { scope: "worker" }],

  // biome-ignore lint/correctness/noEmptyPattern: as above
  baseURL: async ({}, use) => {
    const url = process.env.E2E_URL;
    if (!url) throw new Error("no app is running: the tests start one in e2e/global-setup.ts");
    await use(url);
  },

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
