/**
 * Checks which way imports point (.dependency-cruiser.cjs), and that the check saw every file it should have seen:
 * a cruiser that reads nothing finds nothing wrong.
 * Usage: node scripts/walls.mjs [--json] [FOLDER]   (the folder is this repository unless named)
 */
import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const REPOSITORY = dirname(dirname(fileURLToPath(import.meta.url)));
const TREES = ["src", "scripts", "e2e"];
const NO_OWNER = /^(utils?|helpers?|common|libs?|misc|shared)$/;

/** Every violation and the counts of one tree. Throws when the cruiser itself could not run. */
async function inspect(root) {
  const trees = TREES.filter((tree) => existsSync(join(root, tree)));
  const report = await cruise(root, trees);
  const cruised = report.modules.filter((module) => isOurs(module.source));
  const found = new Set(cruised.map((module) => module.source));
  const files = sourceFiles(root, "src");

  const comments = new Map(report.summary.ruleSetUsed.forbidden.map(({ name, comment }) => [name, comment]));
  const violations = report.summary.violations.map(({ rule, from, to, cycle }) => ({
    rule: rule.name,
    from,
    to: cycle ? cycle.map((step) => step.name).join(" → ") : to,
    comment: comments.get(rule.name),
  }));
  for (const file of files.filter((file) => !found.has(file)))
    violations.push({ rule: "every-file-is-cruised", from: file, to: "", comment: "The cruiser never read it." });
  for (const folder of trees.flatMap((tree) => folders(root, tree)).filter(hasNoOwner))
    violations.push({ rule: "folders-have-an-owner", from: folder, to: "", comment: "Name it after what it is for." });

  const inSrc = cruised.filter((module) => /^src\/.*\.tsx?$/.test(module.source));
  const imports = cruised.reduce((sum, module) => sum + module.dependencies.length, 0);
  if (imports === 0)
    violations.push({ rule: "every-file-is-cruised", from: "src", to: "", comment: "Not one import was read." });
  return { violations, counts: { files: files.length, modules: inSrc.length, imports } };
}

async function cruise(root, trees) {
  const cruiser = join(REPOSITORY, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs");
  const config = join(REPOSITORY, ".dependency-cruiser.cjs");
  const run = promisify(execFile)(process.execPath, [cruiser, "--config", config, "--output-type", "json", ...trees], {
    cwd: root,
    maxBuffer: 256 * 1024 * 1024,
  });
  // It exits with the number of violations: what it printed decides, not how it ended.
  const { stdout, stderr } = await run.catch((error) => error);
  try {
    return JSON.parse(stdout);
  } catch {
    throw new Error(`dependency-cruiser gave no report: ${stderr || "no output"}`);
  }
}

const isOurs = (path) => TREES.some((tree) => path.startsWith(`${tree}/`)) && !path.startsWith("src/db/generated/");

function sourceFiles(root, tree) {
  return entries(root, tree)
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => pathOf(root, entry))
    .filter(isOurs);
}

const folders = (root, tree) =>
  entries(root, tree)
    .filter((entry) => entry.isDirectory())
    .map((entry) => pathOf(root, entry));

const hasNoOwner = (folder) => NO_OWNER.test(folder.split("/").at(-1));
const pathOf = (root, entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll("\\", "/");
const entries = (root, tree) =>
  existsSync(join(root, tree)) ? readdirSync(join(root, tree), { recursive: true, withFileTypes: true }) : [];

const json = process.argv.includes("--json");
const folder = process.argv.slice(2).find((argument) => !argument.startsWith("--"));
const { violations, counts } = await inspect(resolve(folder ?? REPOSITORY));

if (json) process.stdout.write(JSON.stringify({ violations, counts }));
else {
  for (const { rule, from, to, comment } of violations)
    console.error(`✘ ${rule}: ${from}${to ? ` → ${to}` : ""}\n    ${comment}`);
  console.log(
    `walls: ${counts.modules} modules cruised of ${counts.files} files in src, ` +
      `${counts.imports} imports, ${violations.length} violations`,
  );
}
if (violations.length > 0) process.exitCode = 1;
