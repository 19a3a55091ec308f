import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

// The steps of a start on a checkout of a few files, with stand-ins for npm, Prisma, Next and esbuild that note each call.
let checkout: string;

beforeEach(async () => {
  checkout = await mkdtemp(join(tmpdir(), "timmy-prepare-"));
  await cp(import.meta.dirname, join(checkout, "scripts/steps"), { recursive: true });
  const note = (what: string) =>
    `require("fs").appendFileSync(${JSON.stringify(join(checkout, "calls"))}, "${what}\\n");`;
  await put(
    "npm-cli.js",
    `${note("install")}
    const fs = require("fs");
    fs.mkdirSync("node_modules/prisma/build", { recursive: true });
    fs.writeFileSync("node_modules/prisma/build/index.js", ${JSON.stringify(note("generate"))});
    fs.mkdirSync("node_modules/next/dist/bin", { recursive: true });
    fs.writeFileSync("node_modules/next/dist/bin/next", ${JSON.stringify(`${note("next")} if (require("fs").existsSync("broken")) process.exit(1);`)});
    fs.mkdirSync("node_modules/esbuild", { recursive: true });
    fs.writeFileSync("node_modules/esbuild/index.js", ${JSON.stringify(`exports.build = async () => { ${note("bundle")} };`)});
    fs.copyFileSync("package-lock.json", "node_modules/.package-lock.json");`,
  );
  await put("package.json", '{ "type": "commonjs" }');
  await put("package-lock.json", lockOf("1.0.0"));
  await put("prisma/schema.prisma", "model A {}");
  await put("src/db/generated/client.ts", "");
  await put("src/page.ts", "one");
});
afterEach(() => rm(checkout, { recursive: true, force: true }));

const put = async (path: string, text: string) => {
  await mkdir(dirname(join(checkout, path)), { recursive: true });
  await writeFile(join(checkout, path), text);
};
const lockOf = (version: string) =>
  JSON.stringify({
    packages: {
      "": {},
      "node_modules/a": { version },
      "node_modules/tool": { version: "1.0.0", dev: true },
      "node_modules/other-system": { version: "1.0.0", optional: true },
    },
  });

/** What the stand-ins were called for since the last time. */
async function callsOf(...processes: Promise<number>[]) {
  const exitCodes = await Promise.all(processes);
  const calls = await readFile(join(checkout, "calls"), "utf8").catch(() => "");
  await rm(join(checkout, "calls"), { force: true });
  return { calls: calls.split("\n").filter(Boolean), exitCodes };
}

/** Installs and builds as `npm start` does, in a process of its own. */
async function prepare(program = "await ensureInstalled(); await ensureBuilt();"): Promise<number> {
  const text = `import { ensureInstalled } from ${JSON.stringify(join(checkout, "scripts/steps/install.mjs"))};
    import { ensureBuilt } from ${JSON.stringify(join(checkout, "scripts/steps/build.mjs"))};
    ${program}`;
  const env = { ...process.env, npm_execpath: join(checkout, "npm-cli.js") };
  const child = spawn(process.execPath, ["--input-type=module", "-e", text], { env, stdio: "ignore" });
  const [code] = await once(child, "exit");
  return code;
}

test("a fresh checkout is installed, generated and built once, and then nothing more is done", async () => {
  expect((await callsOf(prepare())).calls).toEqual(["install", "generate", "bundle", "next"]);
  expect(await callsOf(prepare())).toEqual({ calls: [], exitCodes: [0] });
});

test("three starts at once on a fresh checkout do each thing once", async () => {
  const { calls, exitCodes } = await callsOf(prepare(), prepare(), prepare());
  expect(calls).toEqual(["install", "generate", "bundle", "next"]);
  expect(exitCodes).toEqual([0, 0, 0]);
});

test("each change has what it touches done again, and a test's change nothing", async () => {
  await prepare();
  await callsOf();
  await put("src/page.test.ts", "changed");
  expect((await callsOf(prepare())).calls).toEqual([]);
  await put("src/page.ts", "two");
  expect((await callsOf(prepare())).calls).toEqual(["bundle", "next"]);
  await put("prisma/schema.prisma", "model B {}");
  expect((await callsOf(prepare())).calls).toEqual(["generate", "bundle", "next"]);
  await put("package-lock.json", lockOf("1.0.1"));
  expect((await callsOf(prepare())).calls).toEqual(["install", "bundle", "next"]);
});

test("an interrupted installation or build is done again", async () => {
  await put("broken", "");
  expect((await callsOf(prepare())).exitCodes).toEqual([1]);
  await rm(join(checkout, "broken"));
  expect((await callsOf(prepare())).calls).toEqual(["bundle", "next"]);
  await rm(join(checkout, "node_modules/.package-lock.json")); // npm writes it last
  expect((await callsOf(prepare())).calls).toEqual(["install"]);
});

test("the lock of a process that was killed does not stand in the way", async () => {
  const gone = spawn(process.execPath, ["-e", ""]);
  await once(gone, "exit");
  await put("dist/.preparing", String(gone.pid));
  expect((await callsOf(prepare())).calls).toContain("next");
});

test("what only building needs is not asked for when the build is fresh", async () => {
  await prepare();
  await callsOf();
  const { packages } = JSON.parse(lockOf("1.0.0"));
  const { "node_modules/tool": _, ...withoutDev } = packages;
  await put("node_modules/.package-lock.json", JSON.stringify({ packages: withoutDev }));
  expect((await callsOf(prepare("await ensureInstalled({ dev: false });"))).calls).toEqual([]);
  expect((await callsOf(prepare("await ensureInstalled();"))).calls).toEqual(["install"]);
});
