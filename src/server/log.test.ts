import { expect, test } from "vitest";
import { createLog, shortId } from "./log";

function logged(format: "text" | "json", level: "debug" | "info" = "info") {
  const lines: string[] = [];
  const log = createLog({ logLevel: level, logFormat: format }, { write: (line) => void lines.push(line) });
  return { log, lines };
}

test("for people: time, level, message and facts on one line", () => {
  const { log, lines } = logged("text");
  log.info({ job: "0f0f0f0f", waits: 2 }, "judged");
  log.warn("slow");
  expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d judged job=0f0f0f0f waits=2\n$/);
  expect(lines[1]).toMatch(/^\d\d:\d\d:\d\d warning: slow\n$/);
});

test("for programs: one JSON object a line", () => {
  const { log, lines } = logged("json");
  log.error({ err: new Error("broken") }, "failed");
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({ level: 50, msg: "failed", err: { message: "broken" } });
});

test("an error is told with its stack, to the log alone", () => {
  const { log, lines } = logged("text");
  log.error({ err: new Error("broken") }, "failed");
  expect(lines[0]).toMatch(/error: failed\nError: broken\n {4}at /);
});

test.each(["text", "json"] as const)("no secret gets into a %s line, however deep", (format) => {
  const { log, lines } = logged(format);
  log.info({ refundToken: "hunter2", job: { preimage: "hunter2", deep: { apiKey: "hunter2" } } }, "x");
  expect(lines.join()).not.toContain("hunter2");
});

test.each([
  [
    "Prisma",
    Object.assign(new Error("invocation with hunter2"), { name: "PrismaClientKnownRequestError", code: "P2010" }),
  ],
  [
    "the driver",
    Object.assign(new Error('invalid input "hunter2"'), { severity: "ERROR", code: "22P02", detail: "hunter2" }),
  ],
])("what an error of %s quotes stays out of the log", (_, err) => {
  const { log, lines } = logged("json");
  log.error({ err }, "failed");
  expect(lines.join()).not.toContain("hunter2");
  expect(JSON.parse(lines[0] ?? "").err).toMatchObject({ message: `the database refused, code ${err.code}` });
  expect(JSON.parse(lines[0] ?? "").err.stack).toMatch(/\n {4}at /);
});

test("below the level nothing is written", () => {
  const { log, lines } = logged("text");
  log.debug("chatter");
  expect(lines).toEqual([]);
});

test("of an id eight characters", () => expect(shortId("0f0f0f0f-0000-4000-8000-000000000000")).toBe("0f0f0f0f"));
