import { expect, test } from "vitest";
import { stationsOf, stepMarks } from "./node-stations";

const steps = (done: number) =>
  (["sshKey", "server", "address", "setUp"] as const).map((step, at) => ({ step, done: at < done }));
const marks = (order: Parameters<typeof stationsOf>[0]) =>
  stationsOf(order)
    .map(({ mark }) => mark[0])
    .join("");

// d: done, c: current, a: ahead, s: stopped. Ordered, paid, machine, set-up, ready.
test.each([
  ["awaiting_payment", 0, "dcaaa"],
  ["expired", 0, "dsaaa"],
  ["provisioning", 0, "ddcaa"],
  ["provisioning", 2, "ddcaa"],
  ["provisioning", 3, "dddca"],
  ["failed", 1, "ddsaa"],
  ["failed", 3, "dddsa"],
  ["ready", 4, "ddddd"],
] as const)("%s with %i steps done", (state, done, path) => {
  expect(marks({ state, steps: steps(done) })).toBe(path);
});

test("the first step that is not done is the one of now", () => {
  expect(stepMarks(steps(1)).map(({ mark }) => mark)).toEqual(["done", "current", "ahead", "ahead"]);
  expect(stepMarks(steps(4)).map(({ mark }) => mark)).toEqual(["done", "done", "done", "done"]);
});
