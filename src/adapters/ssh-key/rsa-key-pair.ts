import { createHash, generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import type { SshKeyPair } from "~/ports/node-provider";

const BITS = 4096;
const ALGORITHM = "ssh-rsa";

/** A fresh RSA key pair: the private key as PKCS#1 PEM, the public one as OpenSSH writes it (RFC 4253 §6.6). */
export async function makeRsaKeyPair(): Promise<SshKeyPair> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)("rsa", { modulusLength: BITS });
  return {
    publicKey: `${ALGORITHM} ${publicKeyBlob(publicKey).toString("base64")}`,
    privateKeyPem: privateKey.export({ type: "pkcs1", format: "pem" }).toString(),
  };
}

/** What providers know a key by: the MD5 of its blob, in pairs of hex digits. No secret depends on it. */
export function md5Fingerprint(publicKey: string): string {
  const blob = Buffer.from(publicKey.split(" ")[1] ?? "", "base64");
  const digits = createHash("md5").update(blob).digest("hex");
  return digits.replace(/..(?=.)/g, "$&:");
}

function publicKeyBlob(key: KeyObject): Buffer {
  const { n, e } = key.export({ format: "jwk" });
  if (!n || !e) throw new Error("invariant broken: an RSA key without modulus or exponent");
  return Buffer.concat([field(Buffer.from(ALGORITHM)), field(positive(e)), field(positive(n))]);
}

/** RFC 4251 §5: a string is its length in four bytes, then the bytes. */
function field(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** RFC 4251 §5: an mpint whose first bit is set would be negative, so a zero byte goes before it. */
function positive(base64url: string): Buffer {
  const bytes = Buffer.from(base64url, "base64url");
  return (bytes[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.alloc(1), bytes]) : bytes;
}
