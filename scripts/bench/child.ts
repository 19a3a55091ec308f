import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { inRoot } from "../steps/root.mjs";

export type Child = {
  pid: number;
  /** What the awaited line matched. */
  match: RegExpExecArray;
  /** From the spawning to that line, milliseconds. */
  readyMs: number;
  /** Asks it to end and waits until it has. */
  stop(): Promise<void>;
};

const PATIENCE_MS = 180_000;

/** Starts a program in the checkout and waits for a line of its output. Throws with that output when none comes. */
export async function startChild(
  command: readonly [string, ...string[]],
  { env, awaited }: { env: NodeJS.ProcessEnv; awaited: RegExp },
): Promise<Child> {
  const [file, ...args] = command;
  const from = performance.now();
  const shell = process.platform === "win32" && file === "npm"; // Windows finds it only so
  const child = spawn(file, args, { cwd: inRoot(), env, shell, detached: !shell, stdio: ["ignore", "pipe", "pipe"] });
  const closed = once(child, "close"); // whoever else of it still writes is waited for too
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) endGroup(child);
    await closed;
  };
  const output: string[] = [];
  try {
    const match = await lineOf(child, awaited, output);
    return { pid: child.pid ?? 0, match, readyMs: performance.now() - from, stop };
  } catch (error) {
    await stop();
    throw new Error(`${command.join(" ")} ${error instanceof Error ? error.message : error}:\n${output.join("\n")}`);
  }
}

/** Tells the program and all that it started, as a terminal does with Ctrl-C: npm does not pass signals on. */
function endGroup(child: ChildProcess): void {
  if (process.platform === "win32" || !child.pid) child.kill();
  else process.kill(-child.pid, "SIGTERM");
}

function lineOf(child: ChildProcess, awaited: RegExp, output: string[]): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    const impatient = setTimeout(() => reject(new Error("did not say what was awaited")), PATIENCE_MS);
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) continue;
      createInterface({ input: stream }).on("line", (line) => {
        if (output.length < 200) output.push(line);
        const match = awaited.exec(line);
        if (!match) return;
        clearTimeout(impatient);
        resolve(match);
      });
    }
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      clearTimeout(impatient);
      reject(new Error(`ended with ${code ?? signal}`));
    });
  });
}
