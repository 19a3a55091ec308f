import { expect, test } from "vitest";
import { parseWebhookHint } from "./webhook-hint";

const HASH = "ab".repeat(32);
const payment = { checking_id: HASH, payment_hash: HASH, amount: 10_000, status: "success", preimage: "cd".repeat(32) };

test.each([
  ["as LNbits 1.6 sends it: JSON in a JSON string", JSON.stringify(JSON.stringify(payment))],
  ["the same, parsed once by the server", JSON.stringify(payment)],
  ["as an object", payment],
  ["with the hash in upper case", { payment_hash: HASH.toUpperCase() }],
])("reads the hash %s", (_, body) => {
  expect(parseWebhookHint(body)).toBe(HASH);
});

test.each([
  undefined,
  null,
  "",
  "null",
  "{",
  42,
  [],
  {},
  { payment_hash: 7 },
  { payment_hash: "ab" },
  { payment_hash: `${HASH}00` },
  { payment_hash: "zz".repeat(32) },
  { payment_hash: [HASH] },
  JSON.stringify(JSON.stringify(JSON.stringify(payment))),
])("%j names no invoice, and does not throw", (body) => {
  expect(parseWebhookHint(body)).toBeNull();
});
