/** The suites of `npm test`, in order, and how each says what it found. The long suites are named in .ci/run. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const REPORTS = ".reports";

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */
/** @typedef {{ file: string, counts: (raw: any) => Counts }} Report where a runner writes, and how to read it */

/**
 * `npm` is the script of package.json that runs it. A suite without a `report` is one check: it passes or fails.
 * @type {{ name: string, npm: string, report?: Report }[]}
 */
export const SUITES = [
  { name: "types", npm: "types" },
  { name: "lint", npm: "lint" },
  { name: "walls", npm: "walls" },
  { name: "deadcode", npm: "deadcode" },
  { name: "unit", npm: "test:unit", report: { file: "vitest.json", counts: fromVitest } },
  { name: "build", npm: "build" },
  { name: "e2e", npm: "test:e2e", report: { file: "e2e.json", counts: fromPlaywright } },
];

/**
 * What a suite found, from its own report and how it ended. Whatever is not plainly a success is a failure:
 * no report, none that can be read, nothing run, or an exit code that the report does not explain.
 * @param {{ report?: Report }} suite
 * @param {number} exitCode
 * @param {string} [folder] where the reports are
 * @returns {Counts & { note: string }}
 */
export function countsOf({ report }, exitCode, folder = REPORTS) {
  if (!report) return exitCode === 0 ? counted(1, 0) : counted(0, 1, `ended with ${exitCode}`);
  const file = join(folder, report.file);
  if (!existsSync(file)) return counted(0, 1, "left no report");
  let counts;
  try {
    counts = report.counts(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    return counted(0, 1, `left a report that cannot be read: ${error.message}`);
  }
  return judged(counts, exitCode);
}

function judged(counts, exitCode) {
  const { passed, failed, skipped } = counts;
  if (![passed, failed, skipped].every((count) => Number.isSafeInteger(count) && count >= 0))
    return counted(0, 1, "left a report without counts");
  if (passed + failed === 0) return { ...counts, failed: 1, note: skipped > 0 ? "skipped everything" : "ran nothing" };
  if (exitCode !== 0 && failed === 0) return { ...counts, failed: 1, note: `ended with ${exitCode}` };
  return { passed, failed, skipped, note: "" };
}

/** A file of tests that could not even be loaded has no failing test, and is a failure all the same. */
export function fromVitest(raw) {
  const broken = raw.testResults.filter(
    (file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
  );
  return {
    passed: raw.numPassedTests,
    failed: raw.numFailedTests + broken.length,
    skipped: raw.numPendingTests + raw.numTodoTests,
  };
}

/** A test that passes only when repeated is a failure. */
function fromPlaywright({ stats, errors }) {
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky + errors.length, skipped: stats.skipped };
}

const counted = (passed, failed, note = "") => ({ passed, failed, skipped: 0, note });
