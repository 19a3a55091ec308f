import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

export type RunResult = { code: number; stdout: string; stderr: string };

/** A machine that is played: its commands are stand-ins, and nothing but these and harmless tools can be called. */
export type StandIns = {
  /** The folder of what they remember; WORLD to them. */
  world: string;
  /** The folder of the commands themselves. */
  bin: string;
  run(file: string, args?: readonly string[], env?: Record<string, string>): Promise<RunResult>;
  /** Every call of a stand-in so far: its name and arguments. */
  calls(): Promise<string[]>;
  put(name: string, text: string): Promise<void>;
  read(name: string): Promise<string>;
  remove(): Promise<void>;
};

/** Real ones that only read and write the files that they are given. */
const TOOLS = [
  "awk",
  "base64",
  "bash",
  "cat",
  "chmod",
  "cp",
  "cut",
  "dirname",
  "env",
  "find",
  "grep",
  "head",
  "id",
  "ln",
  "ls",
];
const MORE_TOOLS = [
  "mkdir",
  "mv",
  "od",
  "openssl",
  "readlink",
  "rm",
  "sed",
  "sh",
  "tail",
  "tee",
  "touch",
  "tr",
  "uname",
  "wc",
];

/** `from`: a folder of stand-ins, each a script that finds WORLD in its environment. */
export async function standIns(from: string, env: Record<string, string> = {}): Promise<StandIns> {
  const home = await mkdtemp(join(tmpdir(), "timmy-stand-ins-"));
  const [world, bin, tools] = [join(home, "world"), join(home, "bin"), join(home, "tools")];
  await Promise.all([world, bin, tools].map((folder) => mkdir(folder)));
  for (const name of await readdir(from)) {
    await copyFile(join(from, name), join(bin, name));
    await chmod(join(bin, name), 0o755);
  }
  for (const tool of [...TOOLS, ...MORE_TOOLS]) {
    const found = (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, tool));
    const real = found.find((path) => existsSync(path));
    if (real) await symlink(real, join(tools, tool));
  }
  await writeFile(join(world, "clock"), "1000000\n");

  return {
    world,
    bin,
    run: (file, args = [], more = {}) =>
      new Promise((resolve) => {
        const inherited = { PATH: `${bin}:${tools}`, HOME: home, WORLD: world, ...env, ...more };
        const options = { env: inherited as Record<string, string> as NodeJS.ProcessEnv, cwd: home };
        const child = execFile(file, [...args], options, (error, stdout, stderr) => {
          const code = error ? (typeof error.code === "number" ? error.code : 255) : 0;
          resolve({ code, stdout, stderr });
        });
        child.stdin?.end();
      }),
    async calls() {
      const text = await readFile(join(world, "calls"), "utf8").catch(() => "");
      return text.split("\n").filter(Boolean);
    },
    put: (name, text) => writeFile(join(world, name), text),
    read: (name) => readFile(join(world, name), "utf8"),
    remove: () => rm(home, { recursive: true, force: true }),
  };
}
