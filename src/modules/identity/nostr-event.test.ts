import { createHash } from "node:crypto";
import { finalizeEvent, generateSecretKey } from "nostr-tools/pure";
import { describe, expect, test } from "vitest";
import { inHeader, nostrSigner } from "~/testing/nostr-signer";
import { authorisationFault, eventInHeader, isGenuine } from "./nostr-event";

const signer = nostrSigner();
const event = signer.sign({ kind: 22242, tags: [["challenge", "x"]], content: 'ünï\u2028 "codé"\n' });
const other = signer.sign({ kind: 22242, content: "another" });

describe("an event is genuine", () => {
  test("as its key signed it", () => {
    expect(isGenuine(event)).toBe(true);
    expect(isGenuine({ ...event, extra: 1 } as never)).toBe(true);
  });

  test.each([
    { id: other.id },
    { id: "" },
    { id: event.id.toUpperCase() },
    { pubkey: nostrSigner().pubkey },
    { pubkey: event.pubkey.toUpperCase() },
    { pubkey: "f".repeat(64) }, // on no curve
    { pubkey: "0".repeat(64) },
    { created_at: event.created_at + 1 },
    { kind: 27235 },
    { tags: [] },
    { tags: [["challenge", "y"]] },
    { tags: [["challenge", "x"], []] },
    { content: "" },
    { sig: other.sig },
    { sig: "0".repeat(128) },
    { sig: "f".repeat(128) },
    { sig: event.sig.slice(1) },
    { sig: event.sig.toUpperCase() },
    { sig: `${event.sig}00` },
  ])("and no other way: %j", (altered) => expect(isGenuine({ ...event, ...altered })).toBe(false));

  test("with a new id, but an old signature, it is not", () => {
    const content = "altered";
    const serial = [0, event.pubkey, event.created_at, event.kind, event.tags, content];
    const id = createHash("sha256").update(JSON.stringify(serial)).digest("hex");
    expect(isGenuine({ ...event, content, id })).toBe(false);
  });

  test("whatever the library once noted on the object", () => {
    const noted = finalizeEvent({ kind: 1, tags: [], content: "mine", created_at: 1 }, generateSecretKey());
    expect(isGenuine({ ...noted })).toBe(true);
    expect(isGenuine({ ...noted, sig: event.sig })).toBe(false);
  });
});

describe("a header", () => {
  test("holds an event in base64 of either alphabet, padded or not", () => {
    const json = JSON.stringify(event);
    for (const encoding of ["base64", "base64url"] as const) {
      expect(eventInHeader(Buffer.from(json).toString(encoding))).toEqual(event);
    }
  });

  test.each([
    "",
    "%%%",
    "a b",
    "e30=",
    "W10=",
    "bnVsbA==",
    "/w==", // no UTF-8
    Buffer.from('{"id":').toString("base64"),
    Buffer.from(JSON.stringify({ ...event, tags: "x" })).toString("base64"),
    Buffer.from(JSON.stringify({ ...event, created_at: 1.5 })).toString("base64"),
    Buffer.from(JSON.stringify({ ...event, created_at: 1e300 })).toString("base64"),
    Buffer.from(JSON.stringify({ ...event, tags: [[1]] })).toString("base64"),
    Buffer.from(JSON.stringify([event])).toString("base64"),
  ])("or none: %j", (text) => expect(eventInHeader(text)).toBeNull());
});

describe("a body", () => {
  const call = { url: "http://localhost/api/jobs", method: "POST", body: '{"request":"é"}' };
  const now = new Date();
  const faultOf = (header: string) => {
    const read = eventInHeader(header.slice("Nostr ".length));
    return read ? authorisationFault(read, call, now) : "unreadable";
  };

  test("may be signed for, and is then the one", () => {
    expect(faultOf(signer.authorization(call))).toBeNull();
    expect(faultOf(signer.authorization({ url: call.url, method: "POST" }))).toBeNull();
    expect(faultOf(signer.authorization({ ...call, body: `${call.body} ` }))).toMatch(/another body/);
    expect(faultOf(signer.authorization({ ...call, body: "" }))).toMatch(/another body/);
  });

  test("is not signed for by an empty or a doubled tag", () => {
    const base = [
      ["u", call.url],
      ["method", "POST"],
    ];
    const hash = createHash("sha256").update(call.body).digest("hex");
    for (const more of [
      [["payload"]],
      [["payload", ""]],
      [
        ["payload", hash],
        ["payload", hash],
      ],
    ]) {
      expect(faultOf(inHeader(signer.sign({ kind: 27235, tags: [...base, ...more] })))).toMatch(/another body/);
    }
  });

  test("nor by a forger", () => {
    const genuine = eventInHeader(signer.authorization(call).slice("Nostr ".length));
    expect(faultOf(inHeader({ ...genuine, pubkey: nostrSigner().pubkey }))).toMatch(/signature/);
  });
});
