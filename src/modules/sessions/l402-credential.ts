import { createHash, timingSafeEqual } from "node:crypto";

/** What an `Authorization` header brings: macaroons, and the preimage that its wallet got for paying. */
export type Credential = { macaroons: readonly string[]; preimage: Buffer | null };

const MOST_MACAROONS = 4;
const SCHEMES = /^(bearer|l402|lsat)\s+(.*)$/is;
/** Some clients say it twice, by the old name and the new: then one header is both, with a comma between. */
const TWICE = /,\s*(?=(?:bearer|l402|lsat)\s)/i;

/**
 * Reads `Bearer <macaroon>` and `L402 <macaroon>[,<macaroon>…]:<preimage>`, by its old name `LSAT` too, in any letter
 * case. `absent` where there is no header or one of another scheme, `malformed` where it cannot be read.
 */
export function readCredential(header: string | null): Credential | "absent" | "malformed" {
  const said = SCHEMES.exec(header?.split(TWICE, 1)[0]?.trim() ?? "");
  if (!said) return "absent";
  const [, scheme = "", rest = ""] = said;
  if (scheme.toLowerCase() === "bearer") return credential(rest, null);
  const [, macaroons, preimage] = /^(.*):([0-9a-f]{64})$/is.exec(rest) ?? [];
  return macaroons && preimage ? credential(macaroons, Buffer.from(preimage, "hex")) : "malformed";
}

function credential(list: string, preimage: Buffer | null): Credential | "malformed" {
  const macaroons = list.split(",").map((macaroon) => macaroon.trim());
  return macaroons.length > MOST_MACAROONS || macaroons.includes("") ? "malformed" : { macaroons, preimage };
}

/** Whether the preimage is that of the payment. No proof that it was paid: the wallet knows it beforehand. */
export const isPreimageOf = (preimage: Buffer, paymentHash: string): boolean =>
  timingSafeEqual(createHash("sha256").update(preimage).digest(), Buffer.from(paymentHash, "hex"));

/** L402's identifier: u16 version 0, payment hash, token id; 66 bytes in all. */
const HASH_BYTES = 32;
const IDENTIFIER_BYTES = 2 + 2 * HASH_BYTES;

/** 66 bytes: version, the hash in hex as 32 bytes, a token id of 32. */
export const identifierOf = (paymentHash: string, tokenId: Buffer): Buffer =>
  Buffer.concat([Buffer.of(0, 0), Buffer.from(paymentHash, "hex"), tokenId]);

/** The payment hash that an identifier commits to; null for an identifier of another kind. */
export function paymentHashIn(identifier: Buffer): string | null {
  if (identifier.length !== IDENTIFIER_BYTES || identifier.readUInt16BE(0) !== 0) return null;
  return identifier.subarray(2, 2 + HASH_BYTES).toString("hex");
}
