import { createHash } from "node:crypto";
import { getEventHash, verifyEvent } from "nostr-tools/pure";
import { callFault, hasTag, type NostrEvent, type SignedCall, tagOf } from "./identity";
import { NostrEventOnWire } from "./identity-schema";

/** Whether the id is that of the content and the signature that of the key (NIP-01, BIP-340). */
export function isGenuine({ id, pubkey, created_at, kind, tags, content, sig }: NostrEvent): boolean {
  if (![id, pubkey].every((hex) => /^[0-9a-f]{64}$/.test(hex)) || !/^[0-9a-f]{128}$/.test(sig)) return false;
  // The library trusts a mark that it cached on an object, so it gets a fresh object.
  const event = { id, pubkey, created_at, kind, tags, content, sig };
  return getEventHash(event) === id && verifyEvent(event);
}

/** The event of `Authorization: Nostr <base64>`; null where there is none to be read. */
export function eventInHeader(credentials: string): NostrEvent | null {
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(credentials)) return null;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(credentials, "base64"));
    return NostrEventOnWire.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** Why an event does not authorise this call with this body (NIP-98), in words for its signer; null if it does. */
export function authorisationFault(event: NostrEvent, call: SignedCall & { body: string }, now: Date): string | null {
  const fault = callFault(event, call, now);
  if (fault !== null) return fault;
  const bodyHash = createHash("sha256").update(call.body).digest("hex");
  if (hasTag(event, "payload") && tagOf(event, "payload") !== bodyHash) {
    return "The event is for another body: its only `payload` tag must be the body's SHA-256, in hex.";
  }
  return isGenuine(event) ? null : FORGED;
}

export const FORGED = "The event's id does not match its content, or its signature does not match its key.";
