/**
 * `npm run test:lnbits`: the wallet contract and more against a real LNbits server. Without a Python that LNbits runs on
 * it says so and counts as skipped; in CI that is a failure. More words go to vitest: `npm run test:lnbits -- -t webhook`.
 */
import "./steps/check-node.mjs";
import { spawn } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensureInstalled } from "./steps/install.mjs";
import { findPython, lnbitsEnvironment } from "./steps/lnbits-environment.mjs";
import { inRoot } from "./steps/root.mjs";
import { endOf } from "./steps/run-step.mjs";
import { countsOf, fromVitest, REPORTS } from "./steps/suites.mjs";

process.chdir(inRoot());
mkdirSync(REPORTS, { recursive: true });
const RAW = "lnbits-vitest.json";
// The report of an earlier run proves nothing.
for (const file of ["lnbits.json", RAW]) rmSync(join(REPORTS, file), { force: true });

await ensureInstalled();
const python = findPython();
if (python) await run(await lnbitsEnvironment(python));
else {
  const required = Boolean(process.env.CI);
  console.log(
    `No Python 3.11 or 3.12 with venv here: the LNbits suite ${required ? "is required in CI" : "is skipped"}.`,
  );
  report({ passed: 0, failed: required ? 1 : 0, skipped: 1 });
}

/** vitest starts the server and stops it; it ends with vitest, however that ends. */
async function run(pythonWithLnbits) {
  const vitest = join("node_modules", "vitest", "vitest.mjs");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${join(REPORTS, RAW)}`];
  const args = [vitest, "run", "--config", "vitest.lnbits.config.ts", ...reporters, ...process.argv.slice(2)];
  const env = { ...process.env, PYTHON_WITH_LNBITS: pythonWithLnbits };
  const { code } = await endOf(spawn(process.execPath, args, { env, stdio: "inherit" }));
  const { passed, failed, skipped, note } = countsOf({ report: { file: RAW, counts: fromVitest } }, code ?? 1);
  if (note) console.log(`the LNbits suite ${note}`);
  report({ passed, failed, skipped });
}

function report(counts) {
  writeFileSync(join(REPORTS, "lnbits.json"), `${JSON.stringify(counts)}\n`);
  console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  process.exitCode = counts.failed > 0 ? 1 : 0;
}
