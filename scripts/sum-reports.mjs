/**
 * The last line of CI: `node scripts/sum-reports.mjs test=0 lnbits=0 crash=1` sums .reports/<suite>.json of each suite
 * with its exit code. A suite named after `--no-skips` fails if it skipped anything. Exits non-zero when anything
 * failed, and when a suite has no report or ran nothing.
 */
import { countsOf, REPORTS } from "./steps/suites.mjs";

const [folder] = optionsOf("--reports");
const strict = optionsOf("--no-skips");
const total = { passed: 0, failed: 0, skipped: 0 };

for (const [suite, exitCode] of process.argv
  .slice(2)
  .filter((word) => !word.startsWith("--"))
  .map((word) => word.split("="))) {
  const report = { file: `${suite}.json`, counts: (raw) => raw };
  const { passed, failed, skipped, note } = countsOf({ report }, Number(exitCode), folder ?? REPORTS);
  const missed = strict.includes(suite) ? skipped : 0;
  const remark = missed > 0 ? "skipping is a failure here" : note;
  console.log(
    `${failed + missed > 0 ? "✘" : "✔"} ${suite}: ${passed} passed, ${failed} failed, ${skipped} skipped${remark && `: ${remark}`}`,
  );
  total.passed += passed;
  total.failed += failed + missed;
  total.skipped += skipped - missed;
}

// No suite at all is no success either.
const nothing = total.passed + total.failed === 0;
console.log(`${total.passed} passed, ${total.failed + (nothing ? 1 : 0)} failed, ${total.skipped} skipped`);
process.exitCode = nothing || total.failed > 0 ? 1 : 0;

function optionsOf(name) {
  return process.argv
    .filter((word) => word.startsWith(`${name}=`))
    .flatMap((word) => word.slice(name.length + 1).split(","));
}
