import fc from "fast-check";
import { expect, test } from "vitest";
import { loginChallenges } from "./login-challenge";

const NOW = new Date("2026-11-22T12:00:00.900Z");
const PUBKEY = "ab".repeat(32);
const challenges = loginChallenges(Buffer.alloc(32, 1));

test("is good for its key, for five minutes", () => {
  const { challenge, expiresAt } = challenges.of(PUBKEY, NOW);
  expect(expiresAt).toEqual(new Date("2026-11-22T12:05:00Z"));
  expect(challenges.check(challenge, PUBKEY, NOW)).toEqual(expiresAt);
  expect(challenges.check(challenge, "cd".repeat(32), NOW)).toBeNull();
  expect(challenges.check(challenge, PUBKEY, new Date(expiresAt.getTime() - 1))).toEqual(expiresAt);
  expect(challenges.check(challenge, PUBKEY, expiresAt)).toBeNull();
});

test("is another one each time, and none of another secret", () => {
  const made = Array.from({ length: 50 }, () => challenges.of(PUBKEY, NOW).challenge);
  expect(new Set(made).size).toBe(50);
  const foreign = loginChallenges(Buffer.alloc(32, 2)).of(PUBKEY, NOW);
  expect(challenges.check(foreign.challenge, PUBKEY, NOW)).toBeNull();
});

test("cut off, or with any one character another, is none", () => {
  const { challenge } = challenges.of(PUBKEY, NOW);
  for (let at = 0; at < challenge.length; at += 1) {
    expect(challenges.check(challenge.slice(0, at), PUBKEY, NOW)).toBeNull();
    for (const character of "Aa9_-.") {
      if (character === challenge[at]) continue;
      const altered = challenge.slice(0, at) + character + challenge.slice(at + 1);
      expect(challenges.check(altered, PUBKEY, NOW)).toBeNull();
    }
  }
});

test("nothing that anybody makes up is one", () => {
  fc.assert(fc.property(fc.string(), (given) => challenges.check(given, PUBKEY, NOW) === null));
});
