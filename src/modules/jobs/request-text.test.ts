import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RequestText } from "./job-schema";
import { characterCount, requestFault } from "./request-text";

const parse = (given: unknown) => RequestText.safeParse(given);
const codeOf = (given: unknown) => {
  const parsed = parse(given);
  if (parsed.success) return "accepted";
  const [issue] = parsed.error.issues;
  return issue?.code === "custom" ? (issue.params as { code: string }).code : issue?.code;
};

describe("a request", () => {
  test.each([
    ["of 500 letters", "x".repeat(500), "accepted"],
    ["of 501 letters", "x".repeat(501), "REQUEST_TOO_LONG"],
    ["of 500 wizards, each two UTF-16 units", "🧙".repeat(500), "accepted"],
    ["of 501 wizards", "🧙".repeat(501), "REQUEST_TOO_LONG"],
    ["of 500 letters among blanks", `  \n\t${"x".repeat(500)}\u00a0\u3000\ufeff`, "accepted"],
    ["of one letter", "x", "accepted"],
    ["that is empty", "", "REQUEST_MISSING"],
    ["of blanks alone", " \n\t\r\u00a0\u2003\ufeff", "REQUEST_MISSING"],
    ["that is null", null, "REQUEST_MISSING"],
    ["that is missing", undefined, "REQUEST_MISSING"],
    ["that is a number", 5, "invalid_type"],
    ["that is a list", ["x"], "invalid_type"],
    ["with U+0000", "a\u0000b", "REQUEST_UNREADABLE"],
    ["of U+0000 alone", "\u0000", "REQUEST_UNREADABLE"],
    ["with a high surrogate alone", "a\ud83e", "REQUEST_UNREADABLE"],
    ["with a low surrogate alone", "\udd99a", "REQUEST_UNREADABLE"],
    ["with surrogates the wrong way round", "\udd99\ud83e", "REQUEST_UNREADABLE"],
  ])("%s", (_, given, code) => {
    expect(codeOf(given)).toBe(code);
  });

  test("arrives trimmed", () => {
    expect(parse("  a haiku \n")).toEqual({ success: true, data: "a haiku" });
  });

  test.each([
    ["letters", "x", 501],
    ["wizards", "🧙", 1500],
    ["wizards", "🧙", 15_000],
  ])("too long is told the limit and its own length, in %s", (_, character, length) => {
    const { message } = requestFault(character.repeat(length)) ?? {};
    expect(message).toContain("500");
    expect(message).toContain(`${length}`);
  });

  test("of any text: accepted exactly where it has 1 to 500 code points, each of which can be stored", () => {
    const unit = fc.oneof(
      { weight: 8, arbitrary: fc.string({ unit: "binary", minLength: 1, maxLength: 40 }) },
      { weight: 2, arbitrary: fc.constantFrom("\u0000", "\ud800", "\udfff", " ", "🧙", "é") },
    );
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 25 }), (units) => {
        const text = units.join("").trim();
        const points = Array.from(text);
        const storable = points.every((point) => point !== "\u0000" && encodeURIsafe(point));
        const wanted = points.length >= 1 && points.length <= 500 && storable;
        expect(requestFault(text) === null).toBe(wanted);
        expect(characterCount(text)).toBe(points.length);
      }),
    );
  });
});

/** Whether a code point stands in well-formed text. */
function encodeURIsafe(point: string): boolean {
  try {
    encodeURIComponent(point);
    return true;
  } catch {
    return false;
  }
}
