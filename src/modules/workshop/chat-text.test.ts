import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CHAT_MAX_CHARACTERS, cutAtWord, tidy } from "./chat-text";

describe("what is said becomes one line that disturbs nobody", () => {
  test.each([
    ["  Good \t evening,\r\n\n wizard ", "Good evening, wizard"],
    ["bell\u0007 and null\u0000 and escape\u001b[31m", "bell and null and escape[31m"],
    ["turned \u202egnidaer\u202c round", "turned gnidaer round"],
    ["un\u200bseen\u2060 soft\u00adhyphen \ufeffmark", "unseen softhyphen mark"],
    ["half \ud83d pair", "half \ufffd pair"],
    [`tower ${`e${"\u0301".repeat(40)}`}`, `tower e${"\u0301".repeat(3)}`],
    ["family 👨\u200d👩\u200d👧 and می\u200cخواهم", "family 👨\u200d👩\u200d👧 and می\u200cخواهم"],
    ["<b>bold</b> [a](http://b) javascript:alert(1)", "<b>bold</b> [a](http://b) javascript:alert(1)"],
    ["\u0000\u202e \u200b", ""],
  ])("%j", (said, line) => expect(tidy(said)).toBe(line));

  test("whatever it was, tidied twice it stays, and holds no control", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const line = tidy(text);
        expect(tidy(line)).toBe(line);
        expect(line).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
      }),
    );
  });
});

describe("an answer that is too long", () => {
  const cut = (text: string) => cutAtWord(text, CHAT_MAX_CHARACTERS);

  test("is cut after a word", () => {
    const text = `${"wizard, ".repeat(31)}done at last`;
    expect(text.length).toBeGreaterThan(CHAT_MAX_CHARACTERS);
    expect(cut(text)).toBe(`${"wizard, ".repeat(31).slice(0, -2)}…`);
    expect(cutAtWord("one two three", 8)).toBe("one two…");
    expect(cutAtWord("one two three", 9)).toBe("one two…");
  });

  test("that is one word is cut within it, never within a character", () => {
    expect(cut("🧙".repeat(300))).toBe(`${"🧙".repeat(249)}…`);
  });

  test("that fits stays as it is", () => expect(cut("x".repeat(250))).toBe("x".repeat(250)));

  test("is never longer than it may be", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 600 }), (text) => {
        expect([...cut(text)].length).toBeLessThanOrEqual(CHAT_MAX_CHARACTERS);
      }),
    );
  });
});
