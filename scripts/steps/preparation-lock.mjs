import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { inRoot } from "./root.mjs";

const FILE = inRoot("dist", ".preparing");
const BEAT_MS = 2_000;
const STALE_MS = 20_000;

/**
 * Does the work while no other process of this checkout installs or builds. A process that was killed in the middle
 * leaves its lock file behind: it counts as long as its process lives and goes on touching it.
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withPreparationLock(work) {
  mkdirSync(inRoot("dist"), { recursive: true });
  for (let waited = 0; !take(); waited += 1) {
    if (waited === 5) console.log("waiting for another process that is installing or building here …");
    await sleep(200);
  }
  const beat = setInterval(() => utimesSync(FILE, new Date(), new Date()), BEAT_MS);
  const release = () => rmSync(FILE, { force: true });
  process.once("exit", release);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    process.off("exit", release);
    release();
  }
}

function take() {
  try {
    writeFileSync(FILE, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
  }
  const holder = holderOf(FILE);
  if (holder !== null && !holder.isLive) clear(holder.pid);
  return false;
}

function holderOf(file) {
  try {
    const pid = readFileSync(file, "utf8");
    const fresh = Date.now() - statSync(file).mtimeMs < STALE_MS;
    return { pid, isLive: fresh && (pid === "" || isAlive(Number(pid))) };
  } catch {
    return null; // released meanwhile
  }
}

function clear(pid) {
  const aside = `${FILE}-${process.pid}`;
  try {
    renameSync(FILE, aside);
  } catch {
    return; // somebody was quicker
  }
  // Quicker still: what was moved is already the lock of whoever came next.
  if (readFileSync(aside, "utf8") === pid) rmSync(aside);
  else renameSync(aside, FILE);
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}
