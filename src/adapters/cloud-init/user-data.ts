import { stringify } from "yaml";
import { assert } from "~/core/assert";
import files from "./node-files.json";

/** What runs on a node, by version. Each can be had for amd64 and arm64. */
export const NODE_IMAGES = {
  bitcoind: "bitcoin/bitcoin:29.3",
  lnd: "lightninglabs/lnd:v0.20.1-beta",
  lnbits: "lnbits/lnbits:v1.6.2",
} as const;

/** What the scripts are written for: the slug of DigitalOcean's image. */
export const NODE_SYSTEM = "debian-13-x64";

/** `status`: where a node tells how far its set-up is, open to all until a day after it is up. */
export const NODE_PORTS = { lnbits: 5000, status: 8099 } as const;

export type NodeSetup = {
  /** Its host name: letters, digits, hyphens. */
  name: string;
  /** What lets it into the private network; null: it joins none. */
  authKey: string | null;
  /** The volume that is attached to it; null: none. */
  volumeName: string | null;
};

const HOME = "/opt/timmy-node";
const PACKAGES = ["ca-certificates", "curl", "docker.io", "ufw"];

/**
 * What a fresh Debian does at its first start, for cloud-init (https://docs.cloud-init.io, `#cloud-config`): it brings
 * the scripts of `node/` and runs `install.sh`. Holds one secret, the auth key, which is of no use a second time.
 */
export function nodeUserData(setup: NodeSetup): string {
  const written = [
    ...Object.entries(files).map(([name, content]) =>
      name.endsWith(".sh")
        ? file(`${HOME}/${name}`, "0755", content)
        : file(`/etc/systemd/system/${name}`, "0644", content),
    ),
    file(`${HOME}/node.env`, "0600", settings(setup)),
    ...(setup.authKey === null ? [] : [file(`${HOME}/secrets/tailscale-key`, "0600", word(setup.authKey))]),
  ];
  const config = {
    hostname: word(setup.name),
    ssh_pwauth: false,
    package_update: true,
    packages: PACKAGES,
    write_files: written,
    runcmd: [[`${HOME}/install.sh`]],
  };
  // cloud-init reads YAML 1.1, in which 0755 and yes are no texts: it quotes what is one.
  return `#cloud-config\n${stringify(config, { version: "1.1", lineWidth: 0 })}`;
}

const file = (path: string, permissions: string, content: string) => ({ path, permissions, content });

function settings({ name, authKey, volumeName }: NodeSetup): string {
  const values = {
    NODE_NAME: name,
    VOLUME_NAME: volumeName ?? "",
    WITH_TAILSCALE: authKey === null ? "no" : "yes",
    LNBITS_PORT: String(NODE_PORTS.lnbits),
    STATUS_PORT: String(NODE_PORTS.status),
    BITCOIN_IMAGE: NODE_IMAGES.bitcoind,
    LND_IMAGE: NODE_IMAGES.lnd,
    LNBITS_IMAGE: NODE_IMAGES.lnbits,
  };
  return Object.entries(values)
    .map(([key, value]) => `${key}=${value === "" ? "" : word(value)}\n`)
    .join("");
}

/** A shell reads these as they stand. */
function word(text: string): string {
  assert(/^[A-Za-z0-9._:/-]+$/.test(text), "a setting of a node that a shell would read otherwise");
  return text;
}
