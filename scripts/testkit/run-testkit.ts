import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";

export type TestkitRun = { code: number; lines: string[]; passed: number; failed: number; skipped: number };

const SIGNER = fileURLToPath(new URL("./signer.mjs", import.meta.url));
const SUMMARY = /^(\d+) passed, (\d+) failed, (\d+) skipped$/;

/** What lets the script log in: a command that signs, by a key that is made for this run. */
export const signing = (): Record<string, string> => ({
  TESTKIT_SIGNER: `${process.execPath} ${SIGNER}`,
  TESTKIT_KEY: randomBytes(32).toString("hex"),
});

/** The script that a server gives out. Throws where there is none. */
export async function testkitOf(base: string): Promise<string> {
  const reply = await fetch(`${base}/api/testkit`);
  const script = await reply.text();
  if (!reply.ok || !script.startsWith("#!/bin/sh\n")) throw new Error(`${base} has no testkit: ${reply.status}`);
  return script;
}

/** Runs the script in a POSIX shell. `heard` gets its lines as they come. */
export async function runTestkit(
  script: string,
  env: Record<string, string> = {},
  heard: (line: string) => void = () => undefined,
): Promise<TestkitRun> {
  const shell = spawn("sh", ["-s"], { env: { ...process.env, ...env }, stdio: ["pipe", "pipe", "inherit"] });
  const lines: string[] = [];
  let rest = "";
  shell.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    const [...whole] = (rest + chunk).split("\n");
    rest = whole.pop() ?? "";
    for (const line of whole) {
      lines.push(line);
      heard(line);
    }
  });
  shell.stdin.end(script);
  const code = await new Promise<number>((resolve, reject) => {
    shell.once("error", reject).once("close", (exit) => resolve(exit ?? 1));
  });
  const [, passed, failed, skipped] = SUMMARY.exec(lines.at(-1) ?? "") ?? [];
  if (passed === undefined) throw new Error(`the testkit did not come to its end:\n${lines.slice(-5).join("\n")}`);
  return { code, lines, passed: Number(passed), failed: Number(failed), skipped: Number(skipped) };
}
