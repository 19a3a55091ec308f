import { describe, expect, test } from "vitest";
import type { Reply } from "./lnbits-http";
import { payOutcome } from "./pay-outcome";

const HASH = "ab".repeat(32);
const OTHER = "cd".repeat(32);
const answer = (status: number, json: unknown): Reply => ({ kind: "answer", status, json, retryAfterSeconds: null });
const trouble = (detail: string, status = "failed") => answer(520, { detail, status });
const record = (changes: object) =>
  answer(201, {
    payment_hash: HASH,
    amount: -10_000,
    fee: -3,
    status: "success",
    preimage: "ef".repeat(32),
    ...changes,
  });

test("a record of success is paid, with the fee on top whatever its sign", () => {
  expect(payOutcome(record({}), HASH)).toEqual({ outcome: "paid", feeMsat: 3n });
  expect(payOutcome(record({ fee: 3 }), HASH)).toEqual({ outcome: "paid", feeMsat: 3n });
});

describe("201 is not paid", () => {
  test.each([
    ["a pending one", record({ status: "pending" })],
    ["a failed one, from before", record({ status: "failed" })],
    ["another payment's", record({ payment_hash: OTHER })],
    ["the payee's own record of the invoice", record({ amount: 10_000 })],
    ["an unknown status", record({ status: "maybe" })],
    ["no record", answer(201, "ok")],
    ["nothing", answer(201, undefined)],
  ])("%s is unknown", (_, reply) => {
    expect(payOutcome(reply, HASH)).toMatchObject({ outcome: "unknown" });
  });
});

describe("what LNbits says (1.6.2)", () => {
  test.each([
    ["Insufficient balance.", "notSent"],
    ["You must reserve at least (1007  sat) to cover potential routing fees.", "notSent"],
    ["The time limit of 5 seconds between payments has been reached.", "notSent"],
    ["Only incoming payments allowed.", "notSent"],
    ["Wallet does not have permission to pay invoices.", "notSent"],
    ["Payment failed: no_route", "failed"],
    ["Payment failed: invoice expired. Valid to 2026-01-01", "failed"],
    ["Payment is failed node, retrying is not possible.", "failed"],
    ["Bolt11 decoding failed.", "failed"],
    ["Invalid invoice. Bolt11 changed.", "failed"],
    ["Amountless invoices not supported.", "failed"],
    ["Invoice amount 5000 sats is too high. Max allowed: 100 sats.", "failed"],
    // Each of these may be this very payment.
    ["Payment already paid.", "unknown"],
    ["Internal invoice already paid.", "unknown"],
    ["Payment is still pending.", "unknown"],
    ["Failed payment was already paid on the fundingsource.", "unknown"],
    ["Internal payment not found.", "unknown"],
    // Nothing is read into words that nobody has seen before, whatever status comes with them.
    ["Something new.", "unknown"],
    ["The payment failed: or so it seems", "unknown"],
  ])("520 %j: %s", (detail, outcome) => {
    expect(payOutcome(trouble(detail), HASH)).toMatchObject({ outcome });
  });

  test.each([
    [400, { detail: "Daily withdrawal limit of 100 sats reached." }, "notSent"],
    [400, { detail: "It is not allowed to spend funds from this server." }, "notSent"],
    [400, { detail: [{ loc: ["body", "external_id"], msg: "bad" }] }, "notSent"],
    [400, { detail: "Payment already exists" }, "unknown"],
    [401, { detail: "No Api Key provided." }, "notSent"],
    [403, { detail: "Invoice (or Admin) key required." }, "notSent"],
    [404, { detail: "Wallet not found." }, "notSent"],
    [429, { detail: "Rate limit exceeded" }, "notSent"],
    [307, undefined, "notSent"],
    [500, { detail: "Unexpected error! ID: x" }, "unknown"],
    [502, undefined, "unknown"],
    [503, undefined, "unknown"],
    [504, undefined, "unknown"],
    [418, undefined, "unknown"],
  ])("%i %j: %s", (status, json, outcome) => {
    expect(payOutcome(answer(status, json), HASH)).toMatchObject({ outcome });
  });
});

test("without an answer: not sent when nothing left, unknown when it may have", () => {
  expect(payOutcome({ kind: "notReached", detail: "d" }, HASH)).toEqual({ outcome: "notSent", reason: "d" });
  expect(payOutcome({ kind: "silence", detail: "d" }, HASH)).toEqual({ outcome: "unknown", reason: "d" });
});

test("the reason carries no preimage, key or address of the node's words", () => {
  const secret = "0123456789abcdef".repeat(4);
  const outcome = payOutcome(
    trouble(`Payment failed: ${secret} at https://10.0.0.1:8080/v1\n${"x".repeat(999)}`),
    HASH,
  );
  expect(outcome).toMatchObject({ outcome: "failed" });
  const reason = "reason" in outcome ? outcome.reason : "";
  expect(reason).not.toContain(secret);
  expect(reason).not.toContain("10.0.0.1");
  expect(reason.length).toBeLessThan(300);
});
