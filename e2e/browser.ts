import type { LaunchOptions } from "@playwright/test";
import { z } from "zod";

const Browser = z.object({ executablePath: z.string(), args: z.array(z.string()) });

/** A request that strays outside fails: no name but this machine's can be looked up. */
const STAY_HOME = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1";

/** Drawing a room in software would slow down every journey that is not about it: those see the flat one. */
const FLAT = "--disable-3d-apis";
const DRAWING = ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"];

/** How to launch the browser that the set-up of this run found; `drawing`: with graphics, in software. */
export function launchOptionsOfRun({ drawing = false } = {}): LaunchOptions {
  const found = process.env.E2E_BROWSER;
  if (!found) throw new Error("no browser was looked for: the tests find one in e2e/global-setup.ts");
  const { executablePath, args } = Browser.parse(JSON.parse(found));
  return { executablePath, args: [...args, STAY_HOME, ...(drawing ? DRAWING : [FLAT])] };
}
