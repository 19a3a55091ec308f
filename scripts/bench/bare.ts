import { cleanEnv } from "../steps/clean-env.mjs";
import { inRoot } from "../steps/root.mjs";
import type { Bench } from "./bench";
import { type Child, startChild } from "./child";

/** Starts one of the plain programs that the app is compared with, in a process of its own. */
export async function startBare(
  { atEnd }: Bench,
  program: "bare-chain.mjs" | "bare-join.mjs" | "bare-l402.ts" | "model/main.ts",
  ...args: string[]
): Promise<Child & { url: string }> {
  const file = inRoot("scripts", "bench", program);
  const loader = program.endsWith(".ts") ? ["--import", "tsx"] : [];
  const child = await startChild([process.execPath, ...loader, file, ...args], {
    env: cleanEnv(),
    awaited: /^listening on (\d+)/,
  });
  atEnd(child.stop);
  return { ...child, url: `http://127.0.0.1:${child.match[1]}` };
}
