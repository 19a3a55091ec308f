import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { countsOf, SUITES } from "./suites.mjs";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "reports-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("a static check passes or fails as one", () => {
  expect(countsOf(suite("lint"), 0, folder)).toMatchObject({ passed: 1, failed: 0 });
  expect(countsOf(suite("lint"), 1, folder)).toMatchObject({ passed: 0, failed: 1 });
});

describe.each(["unit", "e2e"])("%s", (name) => {
  test("without a report is a failure", () => {
    expect(countsOf(suite(name), 0, folder)).toMatchObject({ passed: 0, failed: 1 });
  });

  test("with a report of nothing is a failure", async () => {
    await report(name, {});
    expect(countsOf(suite(name), 0, folder)).toMatchObject({ passed: 0, failed: 1 });
  });
});

describe("vitest's report", () => {
  const empty = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [] };

  test("is counted by tests", async () => {
    await report("unit", { ...empty, numPassedTests: 7, numFailedTests: 1, numPendingTests: 2, numTodoTests: 3 });
    expect(countsOf(suite("unit"), 1, folder)).toMatchObject({ passed: 7, failed: 1, skipped: 5 });
  });

  test("with a file that did not load is a failure", async () => {
    const testResults = [
      { status: "failed", assertionResults: [] },
      { status: "passed", assertionResults: [{ status: "passed" }] },
    ];
    await report("unit", { ...empty, numPassedTests: 1, testResults });
    expect(countsOf(suite("unit"), 1, folder)).toMatchObject({ passed: 1, failed: 1 });
  });

  test("of no test is a failure", async () => {
    await report("unit", empty);
    expect(countsOf(suite("unit"), 0, folder)).toMatchObject({ passed: 0, failed: 1 });
  });
});

describe("Playwright's report", () => {
  test("counts a test that passed only when repeated, and an error outside of tests, as failures", async () => {
    await report("e2e", { stats: { expected: 5, unexpected: 1, flaky: 1, skipped: 2 }, errors: [{}] });
    expect(countsOf(suite("e2e"), 1, folder)).toMatchObject({ passed: 5, failed: 3, skipped: 2 });
  });

  test("of a run that ended badly without a failed test is a failure", async () => {
    await report("e2e", { stats: { expected: 5, unexpected: 0, flaky: 0, skipped: 0 }, errors: [] });
    expect(countsOf(suite("e2e"), 1, folder)).toMatchObject({ passed: 5, failed: 1 });
  });
});

function suite(name: string) {
  const found = SUITES.find((candidate) => candidate.name === name);
  if (!found) throw new Error(`no suite ${name}`);
  return found;
}

async function report(name: string, raw: object) {
  await writeFile(join(folder, suite(name).report?.file ?? ""), JSON.stringify(raw));
}
