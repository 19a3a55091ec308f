import { ok } from "~/core/result";
import { md5Fingerprint } from "../ssh-key/rsa-key-pair";
import type { DigitalOceanHttp } from "./digitalocean-http";
import { OneSshKey } from "./digitalocean-shapes";
import type { PartKind } from "./part-kind";

/**
 * Public keys of the account. Each is asked for by its fingerprint: listing them is limited to 10 calls a minute, and
 * an account has at most one of a fingerprint.
 */
export function accountKeys(http: DigitalOceanHttp): PartKind {
  const path = (publicKey: string) => `/account/keys/${md5Fingerprint(publicKey)}`;

  return {
    async find({ publicKey }) {
      const found = await http.call("GET", path(publicKey), OneSshKey);
      if (found.ok) return ok(String(found.value.ssh_key.id));
      return found.error.code === "providerNotFound" ? ok(null) : found;
    },
    async create({ name, publicKey }) {
      const made = await http.call("POST", "/account/keys", OneSshKey, { name, public_key: publicKey });
      return made.ok ? ok(String(made.value.ssh_key.id)) : made;
    },
    remove: ({ publicKey }) => http.delete(path(publicKey)),
  };
}
