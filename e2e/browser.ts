import type { LaunchOptions } from "@playwright/test";
import { z } from "zod";

const Browser = z.object({ executablePath: z.string(), args: z.array(z.string()) });

/** A request that strays outside fails: no name but this machine's can be looked up. */
const STAY_HOME = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1";

/** How to launch the browser that the set-up of this run found. */
export function launchOptionsOfRun(): LaunchOptions {
  const found = process.env.E2E_BROWSER;
  if (!found) throw new Error("no browser was looked for: the tests find one in e2e/global-setup.ts");
  const { executablePath, args } = Browser.parse(JSON.parse(found));
  return { executablePath, args: [...args, STAY_HOME] };
}
