import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { ensureGenerated, isGenerated } from "./generate.mjs";
import { withPreparationLock } from "./preparation-lock.mjs";
import { inRoot } from "./root.mjs";
import { runStep } from "./run-step.mjs";

/**
 * Brings node_modules to what package-lock.json says, and the generated database client to the schema. Costs a few
 * milliseconds when both are there. `dev: false` is content without what only building and testing need.
 * @param {{ dev?: boolean }} [needs]
 */
export async function ensureInstalled({ dev = true } = {}) {
  if (isInstalled(dev) && isGenerated()) return;
  await withPreparationLock(async () => {
    if (!isInstalled(dev)) await install();
    await ensureGenerated();
  });
}

async function install() {
  console.log("installing packages (a minute or so, the first time only) …");
  const npm = process.env.npm_execpath ?? "";
  // Under `npm run` the very npm that runs us; else the one on the path.
  const command = basename(npm) === "npm-cli.js" ? [process.execPath, npm] : ["npm"];
  // No package needs its install script here (Postgres's links are made when it is first used), and Prisma's, which only
  // older npms run unasked, would try to download from a host that may not be reachable.
  const args = [...command.slice(1), "ci", "--include=dev", "--include=optional", "--ignore-scripts"];
  const { NODE_ENV: _, ...env } = process.env;
  await runStep(command[0], [...args, "--no-audit", "--no-fund"], {
    env,
    shell: command[0] === "npm" && process.platform === "win32",
  });
}

/** npm notes in node_modules what it has installed, as the last thing it does there. */
function isInstalled(dev) {
  const wanted = readPackages("package-lock.json");
  const found = readPackages("node_modules", ".package-lock.json");
  if (!wanted) throw new Error("package-lock.json is missing");
  if (!found) return false;
  return Object.entries(wanted).every(
    ([path, entry]) =>
      path === "" ||
      entry.optional || // for other platforms
      entry.devOptional ||
      (entry.dev && !dev) ||
      found[path]?.version === entry.version,
  );
}

/** @returns {Record<string, { version?: string, dev?: boolean, optional?: boolean, devOptional?: boolean }> | null} */
function readPackages(...path) {
  try {
    return JSON.parse(readFileSync(inRoot(...path), "utf8")).packages;
  } catch {
    return null;
  }
}
