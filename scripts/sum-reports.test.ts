import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

let reports: string;
beforeEach(async () => {
  reports = await mkdtemp(join(tmpdir(), "reports-"));
});
afterEach(() => rm(reports, { recursive: true, force: true }));

test("sums what every suite reports", async () => {
  await report("test", { passed: 300, failed: 0, skipped: 2 });
  await report("crash", { passed: 50, failed: 0, skipped: 0 });
  expect(await sum("test=0", "crash=0")).toEqual({ last: "350 passed, 0 failed, 2 skipped", code: 0 });
});

test("a failure is counted and fails", async () => {
  await report("test", { passed: 3, failed: 2, skipped: 0 });
  expect(await sum("test=1")).toEqual({ last: "3 passed, 2 failed, 0 skipped", code: 1 });
});

test("a suite without a report is a failure, even one that ended well", async () => {
  await report("test", { passed: 3, failed: 0, skipped: 0 });
  expect(await sum("test=0", "crash=0")).toEqual({ last: "3 passed, 1 failed, 0 skipped", code: 1 });
});

test.each([
  ["ran nothing", { passed: 0, failed: 0, skipped: 0 }],
  ["skipped everything", { passed: 0, failed: 0, skipped: 9 }],
])("a suite that %s is a failure", async (_, counts) => {
  await report("test", counts);
  expect(await sum("test=0")).toMatchObject({ last: `0 passed, 1 failed, ${counts.skipped} skipped`, code: 1 });
});

test.each(["{", "{}", '{"passed":"3","failed":0,"skipped":0}', '{"passed":-1,"failed":0,"skipped":0}'])(
  "the report %s is a failure",
  async (text) => {
    await writeFile(join(reports, "test.json"), text);
    expect(await sum("test=0")).toEqual({ last: "0 passed, 1 failed, 0 skipped", code: 1 });
  },
);

test("an exit code that the report does not explain is a failure", async () => {
  await report("test", { passed: 3, failed: 0, skipped: 0 });
  expect(await sum("test=143")).toEqual({ last: "3 passed, 1 failed, 0 skipped", code: 1 });
});

test("what CI must run is not to be skipped there", async () => {
  await report("lnbits", { passed: 1, failed: 0, skipped: 4 });
  expect(await sum("--no-skips=lnbits", "lnbits=0")).toEqual({ last: "1 passed, 4 failed, 0 skipped", code: 1 });
  expect(await sum("lnbits=0")).toEqual({ last: "1 passed, 0 failed, 4 skipped", code: 0 });
});

test("no suite at all is a failure", async () => {
  expect(await sum()).toEqual({ last: "0 passed, 1 failed, 0 skipped", code: 1 });
});

const report = (suite: string, counts: object) => writeFile(join(reports, `${suite}.json`), JSON.stringify(counts));

/** The last line that is printed, and the exit code. */
function sum(...words: string[]) {
  const script = join(import.meta.dirname, "sum-reports.mjs");
  return new Promise<{ last: string | undefined; code: number }>((resolve) => {
    execFile(process.execPath, [script, `--reports=${reports}`, ...words], (error, stdout) => {
      const last = stdout.trimEnd().split("\n").at(-1);
      resolve({ last, code: error === null ? 0 : Number(error.code) });
    });
  });
}
