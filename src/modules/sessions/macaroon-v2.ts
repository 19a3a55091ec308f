import { createHmac, timingSafeEqual } from "node:crypto";

/**
 * A macaroon: what it names, the caveats that narrow it, and a chain of HMACs over both. Whoever holds it can add a
 * caveat, and nobody without the root key can take one away.
 */
export type Macaroon = {
  /** A hint for people; no part of what is signed. */
  location: string;
  identifier: Buffer;
  caveats: readonly Buffer[];
  signature: Buffer;
};

/** The binary format, version 2 (libmacaroons, doc/format.txt): fields of type, length, bytes; 0 ends a section. */
const VERSION = 2;
const FIELD = { location: 1, identifier: 2, verifier: 4, signature: 6 } as const;
const END = 0;
const HASH_BYTES = 32;
/** Nobody's macaroon is longer; whatever is, is not worth reading. */
const MOST_BYTES = 4096;
const MOST_CAVEATS = 64;

/** Root keys pass through this first, in every implementation (libmacaroons, go-macaroon, pymacaroons). */
const KEY_GENERATOR = "macaroons-key-generator";
const hmac = (key: string | Buffer, message: Buffer): Buffer => createHmac("sha256", key).update(message).digest();

function chain(rootKey: Buffer, identifier: Buffer, caveats: readonly Buffer[]): Buffer {
  const begin = hmac(hmac(KEY_GENERATOR, rootKey), identifier);
  return caveats.reduce((signature, caveat) => hmac(signature, caveat), begin);
}

/** A new macaroon, each caveat signed into the chain in its order. */
export function mintMacaroon(wanted: {
  location: string;
  identifier: Buffer;
  caveats: readonly string[];
  rootKey: Buffer;
}): Macaroon {
  const caveats = wanted.caveats.map((caveat) => Buffer.from(caveat));
  const { location, identifier, rootKey } = wanted;
  return { location, identifier, caveats, signature: chain(rootKey, identifier, caveats) };
}

/** Whether all of it, caveats included, was signed with this root key. */
export const isSignedBy = (macaroon: Macaroon, rootKey: Buffer): boolean =>
  timingSafeEqual(chain(rootKey, macaroon.identifier, macaroon.caveats), macaroon.signature);

/** To the binary format of version 2, without base64. */
export function encodeMacaroon({ location, identifier, caveats, signature }: Macaroon): Buffer {
  const end = Buffer.of(END);
  return Buffer.concat([
    Buffer.of(VERSION),
    field(FIELD.location, Buffer.from(location)),
    field(FIELD.identifier, identifier),
    end,
    ...caveats.flatMap((caveat) => [field(FIELD.identifier, caveat), end]),
    end,
    field(FIELD.signature, signature),
  ]);
}

const field = (type: number, bytes: Buffer): Buffer =>
  Buffer.concat([Buffer.of(type, ...lengthOf(bytes.length)), bytes]);

/** Unsigned LEB128. */
function lengthOf(length: number): number[] {
  return length < 0x80 ? [length] : [(length & 0x7f) | 0x80, ...lengthOf(length >>> 7)];
}

/** Null for whatever is no macaroon of version 2, or has a caveat for a third party: none of ours ever asks for one. */
export function decodeMacaroon(bytes: Buffer): Macaroon | null {
  if (bytes.length > MOST_BYTES || bytes[0] !== VERSION) return null;
  const fields = fieldsOf(bytes);
  if (!fields) return null;
  const next = (type: number): Buffer | null => {
    if (fields[0]?.type !== type) return null;
    return fields.shift()?.bytes ?? null;
  };

  const location = next(FIELD.location);
  const identifier = next(FIELD.identifier);
  if (!identifier || !next(END)) return null;
  const caveats: Buffer[] = [];
  for (let caveat = next(FIELD.identifier); caveat; caveat = next(FIELD.identifier)) {
    if (!next(END) || caveats.length === MOST_CAVEATS) return null;
    caveats.push(caveat);
  }
  if (!next(END)) return null;
  const signature = next(FIELD.signature);
  if (signature?.length !== HASH_BYTES || fields.length > 0) return null;
  return { location: location?.toString() ?? "", identifier, caveats, signature };
}

type Field = { type: number; bytes: Buffer };
const NOTHING = Buffer.alloc(0);

/** All fields in order, the ends of sections among them; null where a length does not fit. */
function fieldsOf(bytes: Buffer): Field[] | null {
  const fields: Field[] = [];
  for (let at = 1; at < bytes.length; ) {
    const type = bytes[at] as number;
    at += 1;
    if (type === END) {
      fields.push({ type, bytes: NOTHING });
      continue;
    }
    const length = readLength(bytes, at);
    if (!length || length.end + length.value > bytes.length) return null;
    fields.push({ type, bytes: bytes.subarray(length.end, length.end + length.value) });
    at = length.end + length.value;
  }
  return fields;
}

/** Nothing in so short a text has a length of more than two bytes. */
function readLength(bytes: Buffer, at: number): { value: number; end: number } | null {
  const [low, high] = [bytes[at], bytes[at + 1]];
  if (low === undefined) return null;
  if (low < 0x80) return { value: low, end: at + 1 };
  if (high === undefined || high >= 0x80) return null;
  return { value: (low & 0x7f) | (high << 7), end: at + 2 };
}

/** Standard base64, as challenges carry it. */
export const macaroonText = (macaroon: Macaroon): string => encodeMacaroon(macaroon).toString("base64");

/** Reads standard and URL-safe base64, padded or not. */
export function parseMacaroon(text: string): Macaroon | null {
  if (text.length > MOST_BYTES * 2 || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) return null;
  return decodeMacaroon(Buffer.from(text, "base64"));
}
