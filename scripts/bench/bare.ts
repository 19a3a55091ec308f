import { cleanEnv } from "../steps/clean-env.mjs";
import { inRoot } from "../steps/root.mjs";
import type { Bench } from "./bench";
import { type Child, startChild } from "./child";

/** Starts one of the plain programs that the app is compared with, in a process of its own. */
export async function startBare(
  { atEnd }: Bench,
  program: "bare-chain" | "bare-join",
  ...args: string[]
): Promise<Child & { url: string }> {
  const file = inRoot("scripts", "bench", `${program}.mjs`);
  const child = await startChild([process.execPath, file, ...args], {
    env: cleanEnv(),
    awaited: /^listening on (\d+)/,
  });
  atEnd(child.stop);
  return { ...child, url: `http://127.0.0.1:${child.match[1]}` };
}
