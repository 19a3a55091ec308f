import { randomBytes } from "node:crypto";
import type { SshKeyPair } from "~/ports/node-provider";

/** Looks like a key pair and opens nothing: a real one takes seconds. No two are the same. */
export async function testKeyPair(): Promise<SshKeyPair> {
  return {
    publicKey: `ssh-rsa ${randomBytes(24).toString("base64")}`,
    privateKeyPem: `-----BEGIN RSA PRIVATE KEY-----\n${randomBytes(48).toString("base64")}\n-----END RSA PRIVATE KEY-----\n`,
  };
}
