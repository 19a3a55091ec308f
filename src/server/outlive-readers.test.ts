import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";

const COMPLAINED = 7;
/** Prints on and on, as Next does about an error that nobody caught; ends well once nobody can have been listening. */
const printing = (first: string) => `
  ${first}
  let printed = 0;
  process.on("uncaughtException", () => process.exit(${COMPLAINED}));
  process.stdin.resume().on("end", () => setInterval(() => {
    console.log("still here"); console.error("still here");
    if ((printed += 1) > 20) process.exit(0);
  }, 1));
  console.log("ready");`;

async function exitCodeWithoutReaders(first: string): Promise<number | null> {
  const args = ["--import", "tsx", "--input-type=module", "-e", printing(first)];
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "pipe"] });
  await once(child.stdout, "data");
  child.stdout.destroy();
  child.stderr.destroy();
  child.stdin.end();
  const [code] = await once(child, "exit");
  return code;
}

test("a process goes on when nobody reads what it prints any more", async () => {
  const first = `import { outliveReaders } from "./src/server/outlive-readers.ts"; outliveReaders();`;
  expect(await exitCodeWithoutReaders(first)).toBe(0);
  expect(await exitCodeWithoutReaders("")).toBe(COMPLAINED);
});
