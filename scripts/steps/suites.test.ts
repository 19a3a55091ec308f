import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { countsOf, failuresOf, SUITES } from "./suites.mjs";

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

describe("what failed is named in a line, without the colours of a terminal", () => {
  test("by vitest's report, a file that did not load among it", async () => {
    const failing = { status: "failed", fullName: "sums all", failureMessages: ["\u001b[31mexpected 3\nat x.ts:1"] };
    const testResults = [
      { status: "failed", name: "/a/sum.test.ts", assertionResults: [failing, { status: "passed" }] },
      { status: "failed", name: "/a/new.test.ts", assertionResults: [], message: "no such module" },
      { status: "passed", name: "/a/old.test.ts", assertionResults: [{ status: "passed" }] },
    ];
    await report("unit", { testResults });
    expect(failuresOf(suite("unit"), folder)).toEqual([
      "sum.test.ts › sums all: expected 3",
      "new.test.ts › could not be loaded: no such module",
    ]);
  });

  test("by Playwright's, at whatever depth", async () => {
    const of = (title: string, status: string) => ({
      title,
      file: "job.spec.ts",
      tests: [{ projectName: "phone", status, results: [{ status: "failed", error: { message: "not there\n…" } }] }],
    });
    const suites = [{ specs: [of("paid", "expected")], suites: [{ specs: [of("lost", "unexpected")] }] }];
    await report("e2e", { suites, errors: [{ message: "no browser" }] });
    expect(failuresOf(suite("e2e"), folder)).toEqual([
      "job.spec.ts › lost [phone]: not there",
      "the run itself › : no browser",
    ]);
  });

  test("and nothing where there is no report, or none that can be read", async () => {
    expect(failuresOf(suite("unit"), folder)).toEqual([]);
    await report("unit", {});
    expect(failuresOf(suite("unit"), folder)).toEqual([]);
    expect(failuresOf(suite("lint"), folder)).toEqual([]);
  });
});
