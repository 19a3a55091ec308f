/** A Python environment with LNbits, outside the checkout, made once and kept. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, join } from "node:path";
import { runPatiently } from "./run-patiently.mjs";

const LNBITS = "1.6.2";
/** bolt11, which LNbits uses, breaks on bitstring 5. */
const PACKAGES = [`lnbits==${LNBITS}`, "bitstring<5"];
/** What that LNbits accepts (>=3.10,<3.13), less the 3.10 that nobody tried. */
const PYTHONS = ["3.12", "3.11"];
const INSTALL_MS = 15 * 60_000;

/** The command of a Python that LNbits runs on and that can make environments; null when there is none. */
export function findPython() {
  const commands = [...PYTHONS.map((version) => `python${version}`), "python3", "python"];
  const question = "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2])";
  for (const command of commands) {
    const answer = spawnSync(command, ["-c", question], { encoding: "utf8" });
    const version = answer.status === 0 ? answer.stdout.trim() : "";
    if (PYTHONS.includes(version)) return { command, version };
  }
  return null;
}

/**
 * The Python of an environment that has LNbits. It is built beside its place and moved there when it is whole, so that
 * one that was cut off is never taken for one, and of two runs at once each finds a whole one.
 * @param {{ command: string, version: string }} python
 * @returns {Promise<string>}
 */
export async function lnbitsEnvironment({ command, version }) {
  const place = join(cacheFolder(), `lnbits-${LNBITS}-python${version}`);
  if (works(place)) return pythonOf(place);
  mkdirSync(dirname(place), { recursive: true });
  removeLeftovers(place);
  const site = `${place}.building-${process.pid}`;
  console.log(`installing LNbits ${LNBITS} into ${place} (some minutes, the first time only) …`);
  try {
    await runPatiently(command, ["-m", "venv", site], { timeoutMs: INSTALL_MS });
    const install = ["-m", "pip", "install", "--disable-pip-version-check", "--no-input", ...PACKAGES];
    await runPatiently(pythonOf(site), install, { timeoutMs: INSTALL_MS });
    // Another run may have been faster, and be using what it made; one that does not work is in the way.
    if (!works(place)) {
      rmSync(place, { recursive: true, force: true });
      renameSync(site, place);
    }
  } finally {
    rmSync(site, { recursive: true, force: true });
  }
  if (!works(place)) throw new Error(`LNbits was installed into ${place} and cannot be imported there`);
  return pythonOf(place);
}

const works = (place) =>
  existsSync(pythonOf(place)) &&
  spawnSync(pythonOf(place), ["-c", "import lnbits.bolt11, uvicorn"], { cwd: dirname(place) }).status === 0;

const pythonOf = (place) =>
  process.platform === "win32" ? join(place, "Scripts", "python.exe") : join(place, "bin", "python");

const cacheFolder = () => join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "timmys-workshop");

/** Half-built remains of runs that were killed. */
function removeLeftovers(place) {
  const prefix = `${basename(place)}.building-`;
  for (const name of readdirSync(dirname(place))) {
    if (!name.startsWith(prefix) || isAlive(Number(name.slice(prefix.length)))) continue;
    rmSync(join(dirname(place), name), { recursive: true, force: true });
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}
