import { readFileSync } from "node:fs";
import { z } from "zod";
import { cleanEnv } from "../steps/clean-env.mjs";
import { inRoot } from "../steps/root.mjs";
import { type Child, startChild } from "./child";

export type App = Child & { url: string };

/** Limits that keep a crowd out would keep the bench out: one client here does the work of thousands. */
const NO_LIMITS = {
  ORDERS_PER_MINUTE: "1000000",
  MAX_OPEN_ORDERS: "1000000",
  WALLET_CALLS_PER_MINUTE: "100000",
};

const READY = /^ready on (http:\S+)/;

/** What `npm start` runs, without npm: Node's own flags are part of it. */
const [, ...nodeArguments] = z
  .object({ scripts: z.object({ start: z.string() }) })
  .parse(JSON.parse(readFileSync(inRoot("package.json"), "utf8")))
  .scripts.start.split(" ");
export const START = [process.execPath, ...nodeArguments] as const;

/** The built app as a user starts it, in a process of its own, on a free port unless told. */
export async function startApp(
  settings: Record<string, string>,
  command: readonly [string, ...string[]] = START,
): Promise<App> {
  const env = cleanEnv({ PORT: "0", HOST: "127.0.0.1", LOG_LEVEL: "error", ...NO_LIMITS, ...settings });
  const child = await startChild(command, { env, awaited: READY });
  return { ...child, url: child.match[1] ?? "" };
}
