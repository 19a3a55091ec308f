import { expect, test } from "vitest";
import { CANNED_REQUESTS } from "~/adapters/canned-agent/canned-requests";
import { REQUEST_MAX_CHARACTERS, requestFault } from "~/modules/jobs/request-text";
import { texts } from "~/ui/texts";
import { checkRequest, faultWords, REQUEST_LIMIT } from "./request-check";

test("the page and the server know the same limit and refuse the same texts", () => {
  expect(REQUEST_LIMIT).toBe(REQUEST_MAX_CHARACTERS);
  for (const text of [
    "",
    "   ",
    "x",
    "x".repeat(500),
    "x".repeat(501),
    "🧙".repeat(500),
    "🧙".repeat(501),
    "a\u0000b",
    "\ud800",
  ]) {
    expect(checkRequest(text).fault === null, JSON.stringify(text)).toBe(requestFault(text.trim()) === null);
  }
});

test("the counter counts what the server counts: code points, trimmed", () => {
  expect(checkRequest(" 🧙🧙 ").used).toBe(2);
});

test("too long says by how much", () => {
  expect(faultWords(checkRequest("x".repeat(501)))).toMatch(/^1 character too many/);
  expect(faultWords(checkRequest("x".repeat(512)))).toMatch(/^12 characters too many/);
});

test("the words of the rehearsal are words that the canned agent knows", () => {
  const known = CANNED_REQUESTS.map(({ mark }): string => mark);
  for (const { mark } of texts.start.marks) expect(known).toContain(mark);
});
