import { expect, test } from "vitest";
import { JOB_STATES, type JobState } from "~/modules/jobs/job";
import type { JobView } from "~/modules/jobs/job-schema";
import { stationsOf } from "./stations";

const workInvoice: JobView["workInvoice"] = {
  paymentRequest: "lnbcrt1",
  paymentHash: "00",
  amountSats: 40,
  expiresAt: "2026-11-22T12:00:00.000Z",
};
const marks = (state: JobState, priced: boolean) =>
  stationsOf(priced ? { state, workInvoice } : { state })
    .map(({ mark }) => ({ done: "=", current: ">", ahead: ".", stopped: "x" })[mark])
    .join("");

test.each([
  ["awaiting_eval_payment", false, ">...."],
  ["evaluating", false, "=>..."],
  ["awaiting_work_payment", true, "==>.."],
  ["executing", true, "===>."],
  ["complete", true, "====="],
  ["rejected", false, "=x..."],
  ["failed", false, "=x..."],
  ["failed", true, "===x."],
  ["expired", false, "x...."],
  ["expired", true, "==x.."],
  ["cancelled", false, "x...."],
  ["cancelled", true, "==x.."],
] as const)("%s, priced %s: %s", (state, priced, path) => {
  expect(marks(state, priced)).toBe(path);
});

test("every state of a job has a place on the path", () => {
  for (const state of JOB_STATES) expect(marks(state, true)).toMatch(/^=*[>x]?\.*$/);
});
