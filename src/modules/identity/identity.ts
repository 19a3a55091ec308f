/** A signed event of NIP-01. */
export type NostrEvent = {
  id: string;
  pubkey: string;
  /** Seconds since 1970. */
  created_at: number;
  kind: number;
  tags: string[][];
  content: string;
  sig: string;
};

/** An HTTP request as its caller sees it. */
export type SignedCall = { method: string; url: string };

/** NIP-42: logs in at a relay, which is us. */
const RELAY_LOGIN = 22242;
/** NIP-98: authorises one HTTP request. */
const HTTP_AUTH = 27235;

/** How far the time of an event may be from ours, either way: signing asks a person, and clocks differ. */
const LOGIN_WITHIN_SECONDS = 600;
export const CALL_WITHIN_SECONDS = 60;

/**
 * Why an event is not a login here, in words for its signer; null if it is one. Signature and challenge are checked
 * elsewhere. It must have been signed for us and nobody else, since any site may ask a visitor to sign something and
 * bring it here. `origin` is ours, `verifyUrl` where logins are sent.
 */
export function loginFault(event: NostrEvent, ours: { origin: string; verifyUrl: string }, now: Date): string | null {
  if (event.kind === HTTP_AUTH) {
    return callFault(event, { method: "POST", url: ours.verifyUrl }, now, LOGIN_WITHIN_SECONDS);
  }
  if (event.kind !== RELAY_LOGIN) return `A login is an event of kind ${RELAY_LOGIN} or ${HTTP_AUTH}.`;
  const relay = tagOf(event, "relay");
  if (relay === null || siteOf(relay) !== siteOf(ours.origin)) {
    return `The event is for another site: its only \`relay\` tag must be ${ours.origin}.`;
  }
  return ageFault(event, now, LOGIN_WITHIN_SECONDS);
}

/** Why an event does not authorise this call (NIP-98); null if it does. Signature and body are checked elsewhere. */
export function callFault(
  event: NostrEvent,
  call: SignedCall,
  now: Date,
  withinSeconds = CALL_WITHIN_SECONDS,
): string | null {
  if (event.kind !== HTTP_AUTH) return `Calls are authorised by an event of kind ${HTTP_AUTH}.`;
  const url = tagOf(event, "u");
  if (url === null || hrefOf(url) !== hrefOf(call.url)) {
    return "The event is for another address: its only `u` tag must be the full URL of this call.";
  }
  if (tagOf(event, "method")?.toUpperCase() !== call.method) {
    return `The event is for another method: its only \`method\` tag must be ${call.method}.`;
  }
  return ageFault(event, now, withinSeconds);
}

/** What the tag of this name says; null where there is none, or more than one: which of them was meant? */
export function tagOf({ tags }: NostrEvent, name: string): string | null {
  const [tag, another] = tags.filter(([key]) => key === name);
  return another ? null : (tag?.[1] ?? null);
}

/** Whether there is a tag of this name at all, however often. */
export const hasTag = ({ tags }: NostrEvent, name: string): boolean => tags.some(([key]) => key === name);

function ageFault({ created_at }: NostrEvent, now: Date, withinSeconds: number): string | null {
  const away = Math.abs(now.getTime() / 1000 - created_at);
  return away <= withinSeconds ? null : `The event's time must be within ${withinSeconds} seconds of now.`;
}

/**
 * How URLs are compared: `HTTP://Us:80` is `http://us/`. What is not a URL stays as it is, and so never equals one of
 * ours.
 */
const hrefOf = (url: string): string => (URL.canParse(url) ? new URL(url).href : url);

/** A relay is named by its websocket or by the site it belongs to (ws is http, wss is https), with a slash or without. */
const siteOf = (relay: string): string => hrefOf(relay.replace(/^ws(?=s?:\/\/)/i, "http")).replace(/\/$/, "");
