import { randomBytes } from "node:crypto";
import type { makeRsaKeyPair as makeReal } from "~/adapters/ssh-key/rsa-key-pair";

/** No key at all, since a real one takes seconds; but each is another, and both halves tell that they belong together. */
export const makeRsaKeyPair: typeof makeReal = async () => {
  const blob = randomBytes(32).toString("base64");
  return { publicKey: `ssh-rsa ${blob}`, privateKeyPem: `-----BEGIN RSA PRIVATE KEY-----\n${blob}\n` };
};
