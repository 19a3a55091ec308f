import { execFileSync, spawnSync } from "node:child_process";
import { createPrivateKey, createPublicKey, createSign, createVerify } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SshKeyPair } from "~/ports/node-provider";
import { makeRsaKeyPair, md5Fingerprint } from "./rsa-key-pair";

let pair: SshKeyPair;
let folder: string;
beforeAll(async () => {
  pair = await makeRsaKeyPair();
  folder = await mkdtemp(join(tmpdir(), "timmy-ssh-key-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** RFC 4251 §5, read by other code than wrote it. */
function fieldsOf(publicKey: string): Buffer[] {
  const blob = Buffer.from(publicKey.split(" ")[1] ?? "", "base64");
  const fields: Buffer[] = [];
  for (let at = 0; at < blob.length; ) {
    const length = blob.readUInt32BE(at);
    expect(at + 4 + length).toBeLessThanOrEqual(blob.length);
    fields.push(blob.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return fields;
}

test("the private key is PKCS#1 PEM of 4096 bits", () => {
  expect(pair.privateKeyPem).toMatch(/^-----BEGIN RSA PRIVATE KEY-----\n[\s\S]+\n-----END RSA PRIVATE KEY-----\n$/);
  const key = createPrivateKey(pair.privateKeyPem);
  expect(key.asymmetricKeyType).toBe("rsa");
  expect(key.asymmetricKeyDetails).toMatchObject({ modulusLength: 4096, publicExponent: 65_537n });
});

test("the public key has algorithm, exponent and a positive modulus, and belongs to the private one", () => {
  expect(pair.publicKey).toMatch(/^ssh-rsa [A-Za-z0-9+/]+=*$/);
  const [algorithm, e, n, ...rest] = fieldsOf(pair.publicKey);
  expect(rest).toEqual([]);
  expect(algorithm?.toString()).toBe("ssh-rsa");
  expect(e).toEqual(Buffer.from([1, 0, 1]));
  // 4096 bits have their first bit set: without the zero before it the number would be negative.
  expect(n).toHaveLength(513);
  expect(n?.[0]).toBe(0);

  const jwk = { kty: "RSA", n: n?.subarray(1).toString("base64url") ?? "", e: e?.toString("base64url") ?? "" };
  const signature = createSign("sha256").update("hello").sign(pair.privateKeyPem);
  const read = createPublicKey({ key: jwk, format: "jwk" });
  expect(createVerify("sha256").update("hello").verify(read, signature)).toBe(true);
});

test("each pair is another", async () => {
  expect((await makeRsaKeyPair()).publicKey).not.toBe(pair.publicKey);
});

const withSshKeygen = spawnSync("ssh-keygen", ["-?"]).error ? describe.skip : describe;

withSshKeygen("to ssh-keygen, where there is one", () => {
  test("the private key has this public key", async () => {
    const file = join(folder, "key");
    await writeFile(file, pair.privateKeyPem, { mode: 0o600 });
    const derived = execFileSync("ssh-keygen", ["-y", "-f", file], { encoding: "utf8" });
    expect(derived.trim().split(" ").slice(0, 2).join(" ")).toBe(pair.publicKey);
  });

  test("the public key has this fingerprint", async () => {
    const file = join(folder, "key.pub");
    await writeFile(file, `${pair.publicKey} timmy\n`);
    const said = execFileSync("ssh-keygen", ["-l", "-E", "md5", "-f", file], { encoding: "utf8" });
    expect(said).toContain(`4096 MD5:${md5Fingerprint(pair.publicKey)} `);
  });
});
