import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { relative } from "node:path";
import { cleanEnv } from "./clean-env.mjs";
import { withPreparationLock } from "./preparation-lock.mjs";
import { inRoot, ROOT } from "./root.mjs";
import { runStep } from "./run-step.mjs";

const STAMP = inRoot("dist", ".stamp");
/** What goes into a build: neither tests nor generated files. */
const SOURCES = ["src", "public", "prisma", "scripts/steps/bundle.mjs", "next.config.mjs", "tsconfig.json"];
const LOCK_FILE = "package-lock.json";
const NO_SOURCE = /^src\/(db\/generated|testing)$|\.test\.tsx?$/;

/** Whether the existing build was made from the present sources. */
export function isBuilt() {
  return existsSync(STAMP) && readFileSync(STAMP, "utf8") === hashOfSources();
}

/**
 * Builds the pages (Next) and the server (esbuild) unless the build is fresh. Packages must be installed already. The
 * stamp is taken away first and written last: an interrupted build is a stale one.
 */
export async function ensureBuilt() {
  if (isBuilt()) return;
  await withPreparationLock(async () => {
    if (isBuilt()) return; // another process has done it
    console.log("building (about a minute, only when something has changed) …");
    const sources = hashOfSources();
    rmSync(STAMP, { force: true });
    const env = cleanEnv({ NEXT_TELEMETRY_DISABLED: "1" });
    await runStep(process.execPath, [inRoot("scripts", "steps", "bundle.mjs")], { env });
    await runStep(process.execPath, [inRoot("node_modules", "next", "dist", "bin", "next"), "build"], { env });
    writeFileSync(STAMP, sources);
  });
}

/** One hash over every path and content; line ends and times do not count, only bytes. */
function hashOfSources() {
  const hash = createHash("sha256");
  for (const path of [LOCK_FILE, ...SOURCES].flatMap(filesOf)) {
    const content = readFileSync(inRoot(path));
    hash.update(`${path}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}

/** @returns {string[]} sorted, relative to the checkout, with forward slashes */
function filesOf(path) {
  if (NO_SOURCE.test(path) || !existsSync(inRoot(path))) return [];
  let names;
  try {
    names = readdirSync(inRoot(path)).sort();
  } catch {
    return [relative(ROOT, inRoot(path)).replaceAll("\\", "/")]; // a file
  }
  return names.flatMap((name) => filesOf(`${path}/${name}`));
}
