/** Three ways to get a Chromium onto this machine. A refused download fails in seconds: there is another way. */
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runPatiently } from "./run-patiently.mjs";

const REPOSITORY = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const MINUTE = 60_000;
/** How long a download may be silent; Playwright prints every tenth of it. */
const SILENCE_MS = MINUTE;
/** Later versions need Node 22. */
const PACKAGE = "@sparticuz/chromium";
const PACKAGE_VERSION = "147.0.0";
/** It is a headless shell without a graphics card: WebGL is drawn in software. */
const PACKAGE_ARGS = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"];

/** Downloads Playwright's own build. */
export async function installFromPlaywright() {
  const cli = join(REPOSITORY, "node_modules/@playwright/test/cli.js");
  await runPatiently(process.execPath, [cli, "install", "chromium"], {
    env: { PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: "5000" },
    silenceMs: SILENCE_MS,
    timeoutMs: 10 * MINUTE,
  });
}

/** For Debian and its relatives. Needs root, and apt. */
export async function installFromApt() {
  if (process.getuid?.() !== 0) throw new Error("only root may install system packages");
  const folders = (process.env.PATH ?? "").split(delimiter);
  if (!folders.some((folder) => existsSync(join(folder, "apt-get")))) throw new Error("this system has no apt-get");
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  const patience = ["-o", "Acquire::Retries=1", "-o", "Acquire::http::Timeout=15", "-o", "Acquire::https::Timeout=15"];
  await runPatiently("apt-get", [...patience, "update"], { env, timeoutMs: 2 * MINUTE });
  const install = ["install", "-y", "--no-install-recommends", "chromium"];
  await runPatiently("apt-get", [...patience, ...install], { env, timeoutMs: 10 * MINUTE });
}

/**
 * A Chromium that travels inside an npm package, kept in a cache folder of this user.
 * @returns what to launch: a small script, since this browser needs its own libraries and fonts on its way
 */
export async function installFromNpm() {
  if (process.platform !== "linux" || process.arch !== "x64")
    throw new Error(`the package has no build for ${process.platform} ${process.arch}`);
  const cache = await writableCache();
  const home = join(cache, `chromium-${PACKAGE_VERSION}`);
  const executablePath = join(home, "chromium.sh");
  if (!existsSync(executablePath)) await fill(cache, home);
  return { executablePath, args: PACKAGE_ARGS };
}

/** Everything is made ready beside its place and moved there at once, so that no run ever meets half a browser. */
async function fill(cache, home) {
  const draft = await mkdtemp(join(cache, "draft-"));
  try {
    await writeFile(join(draft, "package.json"), '{ "private": true }\n');
    const flags = ["--no-audit", "--no-fund", "--ignore-scripts", "--save-exact", "--no-update-notifier"];
    await runPatiently("npm", ["install", ...flags, `${PACKAGE}@${PACKAGE_VERSION}`], {
      cwd: draft,
      timeoutMs: 5 * MINUTE,
    });
    const unpacked = join(draft, "unpacked");
    await mkdir(unpacked);
    // It unpacks into the temporary folder, which has to be ours: what it leaves in /tmp no other user can read.
    // Believing to be in such a runtime, it unpacks its own libnss3 as well.
    const env = { TMPDIR: unpacked, AWS_LAMBDA_JS_RUNTIME: "nodejs20.x" };
    const script = `await (await import("${PACKAGE}")).default.executablePath()`;
    await runPatiently(process.execPath, ["--input-type=module", "-e", script], { cwd: draft, env, timeoutMs: MINUTE });
    // For root the archive restores its author's user ids: nobody else may own what root is going to run.
    if (process.getuid?.() === 0) await runPatiently("chown", ["-R", "0:0", unpacked], { timeoutMs: MINUTE });
    await writeFile(join(unpacked, "fonts.conf"), fontsConfig(home));
    await writeFile(join(unpacked, "chromium.sh"), launcher(home), { mode: 0o755 });
    await rename(unpacked, home).catch((error) => {
      // Another run was quicker.
      if (!existsSync(join(home, "chromium.sh"))) throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

const launcher = (home) => `#!/bin/sh
export LD_LIBRARY_PATH="${home}/al2023/lib:${home}\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
export FONTCONFIG_FILE="${home}/fonts.conf"
exec "${home}/chromium" "$@"
`;

const fontsConfig = (home) => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${home}/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${home}/fonts-cache</cachedir>
</fontconfig>
`;

/** The user's cache folder, or one of this user among the temporary files where there is no writable home. */
async function writableCache() {
  const inHome = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  const inTemp = join(tmpdir(), `cache-of-user-${process.getuid?.()}`);
  const reasons = [];
  for (const folder of [inHome, inTemp]) {
    const cache = join(folder, "timmys-workshop");
    try {
      await mkdir(cache, { recursive: true, mode: 0o700 });
      await rm(await mkdtemp(join(cache, "draft-")), { recursive: true });
      return cache;
    } catch (error) {
      reasons.push(error.message);
    }
  }
  throw new Error(`no folder to keep it in: ${reasons.join(", ")}`);
}
