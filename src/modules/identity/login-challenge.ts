import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

export type Challenge = { challenge: string; expiresAt: Date };

export type LoginChallenges = {
  /** One that only an event of this key can answer. */
  of(pubkey: string, now: Date): Challenge;
  /** When a challenge of ours for this key expires; null for what is none, or expired already. */
  check(challenge: string, pubkey: string, now: Date): Date | null;
};

const GOOD_FOR_SECONDS = 300;

/**
 * `<random>.<seconds since 1970>.<HMAC-SHA256 of both and the key>`. Asking for one leaves nothing behind, so that nobody
 * can fill a table by asking; what is kept is which ones were used.
 */
export function loginChallenges(key: Buffer): LoginChallenges {
  const macOf = (claims: string, pubkey: string) =>
    createHmac("sha256", key).update(`${claims}.${pubkey}`).digest("base64url");

  return {
    of(pubkey, now) {
      const expiresAt = Math.floor(now.getTime() / 1000) + GOOD_FOR_SECONDS;
      const claims = `${randomBytes(16).toString("base64url")}.${expiresAt}`;
      return { challenge: `${claims}.${macOf(claims, pubkey)}`, expiresAt: new Date(expiresAt * 1000) };
    },
    check(challenge, pubkey, now) {
      const [, claims = "", seconds = "", mac = ""] = /^([\w-]{22}\.(\d{10}))\.([\w-]{43})$/.exec(challenge) ?? [];
      if (mac === "" || !timingSafeEqual(Buffer.from(mac), Buffer.from(macOf(claims, pubkey)))) return null;
      const expiresAt = new Date(Number(seconds) * 1000);
      return now < expiresAt ? expiresAt : null;
    },
  };
}
