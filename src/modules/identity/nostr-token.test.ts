import fc from "fast-check";
import { expect, test } from "vitest";
import { nostrTokens } from "./nostr-token";

const NOW = new Date("2026-11-22T12:00:00.900Z");
const PUBKEY = "ab".repeat(32);
const tokens = nostrTokens(Buffer.alloc(32, 1));
const { token, expiresAt } = tokens.issue(PUBKEY, NOW);
const INVALID = { ok: false, error: { code: "nostrTokenInvalid" } };

test("is good for a day, to the second", () => {
  expect(expiresAt).toEqual(new Date("2026-11-23T12:00:00Z"));
  expect(tokens.read(token, NOW)).toEqual({ ok: true, value: PUBKEY });
  expect(tokens.read(token, new Date(expiresAt.getTime() - 1))).toEqual({ ok: true, value: PUBKEY });
  expect(tokens.read(token, expiresAt)).toEqual({ ok: false, error: { code: "nostrTokenExpired" } });
});

test("of another secret is none", () => {
  expect(tokens.read(nostrTokens(Buffer.alloc(32, 2)).issue(PUBKEY, NOW).token, NOW)).toEqual(INVALID);
});

test("cut off anywhere, or with anything around it, is none", () => {
  for (let end = 0; end < token.length; end += 1) {
    expect(tokens.read(token.slice(0, end), NOW)).toEqual(INVALID);
    expect(tokens.read(token.slice(token.length - end), NOW)).toEqual(INVALID);
  }
  for (const around of [` ${token}`, `${token}\n`, `${token}=`, `${token}.`, `${token},${token}`]) {
    expect(tokens.read(around, NOW)).toEqual(INVALID);
  }
});

test("with any one character another is none, the last ones' spare bits included", () => {
  const characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
  for (let at = 0; at < token.length; at += 1) {
    for (const character of characters) {
      if (character === token[at]) continue;
      expect(tokens.read(token.slice(0, at) + character + token.slice(at + 1), NOW)).toEqual(INVALID);
    }
  }
});

test("of another key or a later hour is none, though the rest is genuine", () => {
  const [, , mac] = token.split(".");
  expect(tokens.read(`${"cd".repeat(32)}.${expiresAt.getTime() / 1000}.${mac}`, NOW)).toEqual(INVALID);
  expect(tokens.read(`${PUBKEY}.${expiresAt.getTime() / 1000 + 1}.${mac}`, NOW)).toEqual(INVALID);
});

test("nothing that anybody makes up is one, of whatever type", () => {
  const like = fc.stringMatching(/^[0-9a-f]{64}\.\d{10}\.[\w-]{43}$/);
  fc.assert(fc.property(fc.oneof(fc.anything(), fc.string(), like), (given) => !tokens.read(given, NOW).ok));
});
