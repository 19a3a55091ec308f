/** The suites of `npm test`, in order, and how each says what it found. The long suites are named in .ci/run. */
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { stripVTControlCharacters } from "node:util";

export const REPORTS = ".reports";

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */
/** @typedef {{ file: string, counts: (raw: any) => Counts, failures?: (raw: any) => string[] }} Report where a runner writes, and how to read it */

/**
 * `npm` is the script of package.json that runs it. A suite without a `report` is one check: it passes or fails.
 * @type {{ name: string, npm: string, report?: Report }[]}
 */
export const SUITES = [
  { name: "types", npm: "types" },
  { name: "lint", npm: "lint" },
  { name: "walls", npm: "walls" },
  { name: "deadcode", npm: "deadcode" },
  { name: "unit", npm: "test:unit", report: { file: "vitest.json", counts: fromVitest, failures: failedInVitest } },
  { name: "build", npm: "build" },
  { name: "e2e", npm: "test:e2e", report: { file: "e2e.json", counts: fromPlaywright, failures: failedInPlaywright } },
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

/**
 * What failed in a suite, a line each, to stand where a log is read first: at its end. Empty where its report does not say.
 * @param {{ report?: Report }} suite
 * @param {string} [folder]
 * @returns {string[]}
 */
export function failuresOf({ report }, folder = REPORTS) {
  try {
    return report?.failures?.(JSON.parse(readFileSync(join(folder, report.file), "utf8"))) ?? [];
  } catch {
    return [];
  }
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

function failedInVitest(raw) {
  return raw.testResults
    .filter((file) => file.status === "failed")
    .flatMap((file) => {
      const failed = file.assertionResults.filter((test) => test.status === "failed");
      const named = failed.map((test) => line(file.name, test.fullName, test.failureMessages?.[0]));
      return named.length > 0 ? named : [line(file.name, "could not be loaded", file.message)];
    });
}

/** A test that passes only when repeated is a failure. */
function fromPlaywright({ stats, errors }) {
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky + errors.length, skipped: stats.skipped };
}

function failedInPlaywright({ suites, errors }) {
  const inside = (suite) => [...(suite.specs ?? []), ...(suite.suites ?? []).flatMap(inside)];
  const failed = suites.flatMap(inside).flatMap((spec) =>
    spec.tests
      .filter((test) => test.status === "unexpected" || test.status === "flaky")
      .map((test) => {
        const error = test.results.find((result) => result.status !== "passed")?.error;
        return line(spec.file, `${spec.title} [${test.projectName}]`, error?.message);
      }),
  );
  return [...failed, ...errors.map((error) => line("the run itself", "", error.message))];
}

const line = (file, title, message = "") =>
  `${basename(file)} › ${title}: ${stripVTControlCharacters(message).split("\n")[0].slice(0, 300)}`;

const counted = (passed, failed, note = "") => ({ passed, failed, skipped: 0, note });
