import { createHmac, timingSafeEqual } from "node:crypto";
import { err, ok, type Result } from "~/core/result";

export type TokenError = { code: "nostrTokenInvalid" } | { code: "nostrTokenExpired" };

export type NostrTokens = {
  issue(pubkey: string, now: Date): { token: string; expiresAt: Date };
  /** Whose token it is. */
  read(token: unknown, now: Date): Result<string, TokenError>;
};

const GOOD_FOR_SECONDS = 86_400;

/** Whom we let in, and until when: `<pubkey>.<seconds since 1970>.<HMAC-SHA256 of both>`. Nothing of it is stored. */
export function nostrTokens(key: Buffer): NostrTokens {
  const macOf = (claims: string) => createHmac("sha256", key).update(claims).digest("base64url");

  return {
    issue(pubkey, now) {
      const expiresAt = Math.floor(now.getTime() / 1000) + GOOD_FOR_SECONDS;
      const claims = `${pubkey}.${expiresAt}`;
      return { token: `${claims}.${macOf(claims)}`, expiresAt: new Date(expiresAt * 1000) };
    },
    read(token, now) {
      const parts = typeof token === "string" ? /^([0-9a-f]{64})\.(\d{10})\.([\w-]{43})$/.exec(token) : null;
      const [, pubkey = "", expiresAt = "", mac = ""] = parts ?? [];
      // The texts are compared, not what they decode to: base64 has more than one text for the same bytes.
      const genuine = parts && timingSafeEqual(Buffer.from(mac), Buffer.from(macOf(`${pubkey}.${expiresAt}`)));
      if (!genuine) return err({ code: "nostrTokenInvalid" });
      return now.getTime() < Number(expiresAt) * 1000 ? ok(pubkey) : err({ code: "nostrTokenExpired" });
    },
  };
}
