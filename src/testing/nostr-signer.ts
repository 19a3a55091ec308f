import { createHash } from "node:crypto";
import { finalizeEvent, generateSecretKey, getPublicKey } from "nostr-tools/pure";
import type { NostrEvent } from "~/modules/identity/identity";

export type Unsigned = Partial<Pick<NostrEvent, "kind" | "tags" | "content" | "created_at">>;

/** Who holds a key of Nostr, with the events that a wallet or an extension would sign for them. */
export function nostrSigner() {
  const secretKey = generateSecretKey();

  /** As it travels: the library's own notes on the object are left behind. */
  function sign({ kind = 1, tags = [], content = "", created_at = nowInSeconds() }: Unsigned): NostrEvent {
    return JSON.parse(JSON.stringify(finalizeEvent({ kind, tags, content, created_at }, secretKey)));
  }

  return {
    pubkey: getPublicKey(secretKey),
    sign,
    /** Kind 22242, NIP-42. `relay`: where to log in. */
    relayLogin: (challenge: string, relay: string, over: Unsigned = {}) => {
      const tags = [
        ["relay", relay],
        ["challenge", challenge],
      ];
      return sign({ kind: 22242, tags, ...over });
    },
    /** Kind 27235, NIP-98 with a challenge. */
    httpLogin: (challenge: string, origin: string, over: Unsigned = {}) => {
      const tags = [
        ["u", `${origin}/api/identity/verify`],
        ["method", "POST"],
        ["challenge", challenge],
      ];
      return sign({ kind: 27235, tags, ...over });
    },
    /** The header that authorises one call (NIP-98). */
    authorization: (call: { url: string; method: string; body?: string }, over: Unsigned = {}) => {
      const tags = [
        ["u", call.url],
        ["method", call.method],
        ...(call.body === undefined ? [] : [["payload", createHash("sha256").update(call.body).digest("hex")]]),
      ];
      return inHeader(sign({ kind: 27235, tags, ...over }));
    },
  };
}

export const inHeader = (event: unknown): string => `Nostr ${Buffer.from(JSON.stringify(event)).toString("base64")}`;
const nowInSeconds = () => Math.floor(Date.now() / 1000);
