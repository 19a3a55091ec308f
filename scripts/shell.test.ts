import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { nodeUserData } from "../src/adapters/cloud-init/user-data";
import { testkit } from "../src/server/testkit-route";
import { findCloudInit, findShellcheck } from "./steps/shell-tools.mjs";

const ROOT = join(import.meta.dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "timmy-shell-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The first time a tool is fetched, which takes a slow machine minutes. */
const PATIENCE_MS = 600_000;

type Tool = Awaited<ReturnType<typeof findShellcheck>>;

/** In CI both tools must be there; elsewhere a test without its tool is skipped, and says why. */
async function orSkip(find: () => Promise<Tool>, skip: (why: string) => never): Promise<Tool> {
  return find().catch((error: Error) => {
    if (process.env.CI) throw error;
    const why = `cannot be had here: ${error.message.split("\n")[0]}`;
    console.warn(why);
    return skip(why);
  });
}
function run({ command, args, env }: Tool, more: string[]) {
  const { status, stdout, stderr } = spawnSync(command, [...args, ...more], {
    cwd: ROOT,
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
  return { status, said: `${stdout}${stderr}` };
}

/** Every file here whose first line names its shell. The testkit is made of pieces, none of which stands by itself. */
function shellScripts(): string[] {
  const found = ["src/adapters", "src/testing", "scripts", ".ci"].flatMap((tree) =>
    readdirSync(join(ROOT, tree), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && (entry.name.endsWith(".sh") || !entry.name.includes(".") || tree === ".ci"))
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  return found.filter((file) => /^#(!.*\b(ba)?sh\b| shellcheck shell=)/.test(readFileSync(file, "utf8")));
}

describe("ShellCheck", () => {
  const check = (tool: Tool, files: string[]) => run(tool, ["--external-sources", "--source-path=SCRIPTDIR", ...files]);

  test(
    "finds nothing in any shell script",
    async ({ skip }) => {
      const tool = await orSkip(findShellcheck, skip);
      const scripts = shellScripts();
      expect(scripts.length).toBeGreaterThan(20);
      expect(check(tool, scripts)).toEqual({ status: 0, said: "" });
    },
    PATIENCE_MS,
  );

  test(
    "finds nothing in the testkit",
    async ({ skip }) => {
      const tool = await orSkip(findShellcheck, skip);
      const script = join(folder, "testkit.sh");
      writeFileSync(script, testkit("http://localhost:3000"));
      expect(check(tool, [script])).toEqual({ status: 0, said: "" });
    },
    PATIENCE_MS,
  );

  test(
    "is one that finds something",
    async ({ skip }) => {
      const tool = await orSkip(findShellcheck, skip);
      const bad = join(folder, "bad.sh");
      writeFileSync(bad, "#!/bin/sh\nrm -rf $1/*\n");
      expect(check(tool, [bad])).toMatchObject({ status: 1, said: expect.stringContaining("SC2086") });
    },
    PATIENCE_MS,
  );
});

describe("cloud-init schema", () => {
  const check = (tool: Tool, text: string) => {
    const file = join(folder, "user-data.yaml");
    writeFileSync(file, text);
    return run(tool, ["schema", "--config-file", file]);
  };

  const setups = {
    "with all that there is": { name: "timmy-node-1", authKey: "tskey-auth-k-1", volumeName: "timmy-node-1" },
    "without what may be left out": { name: "timmy-node-1", authKey: null, volumeName: null },
  };
  for (const [what, setup] of Object.entries(setups)) {
    test(
      `accepts the user data of a node ${what}`,
      async ({ skip }) => {
        const tool = await orSkip(findCloudInit, skip);
        expect(check(tool, nodeUserData(setup))).toMatchObject({ status: 0, said: expect.stringContaining("Valid") });
      },
      PATIENCE_MS,
    );
  }

  test(
    "is one that refuses something",
    async ({ skip }) => {
      const tool = await orSkip(findCloudInit, skip);
      const text = nodeUserData({ name: "timmy-node-1", authKey: null, volumeName: null });
      const bad = text.replace(/^runcmd:[\s\S]*/m, "runcmd: 5\n");
      expect(bad).not.toBe(text);
      expect(check(tool, bad)).toMatchObject({ status: 1, said: expect.stringContaining("runcmd") });
    },
    PATIENCE_MS,
  );
});
