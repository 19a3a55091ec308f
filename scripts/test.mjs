/**
 * `npm test`: every suite but the long ones, in a fresh clone too. `npm test -- unit e2e` runs those.
 * All of them run whatever fails; the last line sums up what their own reports say.
 */
import "./steps/check-node.mjs";
import { spawn } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { cleanEnv } from "./steps/clean-env.mjs";
import { ensureInstalled } from "./steps/install.mjs";
import { inRoot } from "./steps/root.mjs";
import { countsOf, failuresOf, REPORTS, SUITES } from "./steps/suites.mjs";

process.chdir(inRoot());

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !SUITES.some((suite) => suite.name === name));
if (unknown.length > 0) {
  console.error(`no suite ${unknown.join(", ")}: there are ${SUITES.map((suite) => suite.name).join(", ")}`);
  process.exit(2);
}

let running;
let stopped = false;
for (const signal of ["SIGINT", "SIGTERM"])
  process.on(signal, () => {
    stopped = true;
    running?.kill(signal);
  });

await ensureInstalled();
mkdirSync(REPORTS, { recursive: true });
rmSync(join(REPORTS, "test.json"), { force: true });

const results = [];
for (const suite of SUITES) {
  if (stopped || (wanted.length > 0 && !wanted.includes(suite.name))) continue;
  console.log(`\n▶ ${suite.name}`);
  // The report of an earlier run proves nothing.
  if (suite.report) rmSync(join(REPORTS, suite.report.file), { force: true });
  const startedAt = Date.now();
  const exitCode = await npmRun(suite.npm);
  results.push({
    suite: suite.name,
    seconds: (Date.now() - startedAt) / 1000,
    ...countsOf(suite, exitCode),
    failures: failuresOf(suite),
  });
}
if (stopped) process.exit(1);

const sum = (key) => results.reduce((total, result) => total + result[key], 0);
const total = { passed: sum("passed"), failed: sum("failed"), skipped: sum("skipped") };
writeFileSync(join(REPORTS, "test.json"), `${JSON.stringify({ ...total, suites: results }, null, 2)}\n`);

console.log("");
for (const { suite, passed, failed, skipped, seconds, note, failures } of results) {
  const figures = `${passed} passed, ${failed} failed, ${skipped} skipped`;
  console.log(
    `${failed > 0 ? "✘" : "✔"} ${suite.padEnd(9)} ${figures} (${seconds.toFixed(1)} s)${note && `: ${note}`}`,
  );
  for (const failure of failures) console.log(`  ✘ ${failure}`);
}
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed > 0 ? 1 : 0;

/** Resolves to the exit code; one above 128 for a suite that was killed. */
function npmRun(script) {
  return new Promise((resolve) => {
    running = spawn("npm", ["run", "--silent", script], { stdio: ["ignore", "inherit", "inherit"], env: cleanEnv() });
    running.on("error", (error) => {
      console.error(error.message);
      resolve(127);
    });
    running.on("close", (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
}
