import { ok, type Result } from "~/core/result";
import type { NodeProviderFailure } from "~/ports/node-provider";
import { md5Fingerprint } from "../ssh-key/rsa-key-pair";
import type { DigitalOceanHttp } from "./digitalocean-http";
import { Droplets, OneDroplet } from "./digitalocean-shapes";
import type { PartKind } from "./part-kind";
import { removeAll } from "./remove-all";

export type DropletPlan = {
  region: string;
  /** Slugs of the API: `s-2vcpu-4gb`, `debian-13-x64`. */
  size: string;
  image: string;
  /** What the machine does at its first start: cloud-init's user data, at most 64 KiB. */
  userData(node: { name: string; authKey: string | null; volumeName: string | null }): string;
};

const TAG = "timmy-node";

/**
 * The machines. An account may have several of one name, and the API knows no idempotency key: should two ever have
 * been made for one order, the older one is the node and the younger goes.
 */
export function droplets(http: DigitalOceanHttp, plan: DropletPlan) {
  async function named(name: string): Promise<Result<string[], NodeProviderFailure>> {
    // By name and not by a tag of its own, which would stay in the account for ever.
    const pages = await http.list("/droplets", { name }, Droplets);
    if (!pages.ok) return pages;
    const found = pages.value.flatMap((page) => page.droplets).filter((droplet) => droplet.name === name);
    return ok(
      found
        .map(({ id }) => id)
        .sort((a, b) => a - b)
        .map(String),
    );
  }

  const kind: PartKind = {
    async find({ name }) {
      const found = await named(name);
      if (!found.ok) return found;
      const [oldest = null, ...extra] = found.value;
      const removed = await removeAll(http, "/droplets", null, extra);
      return removed.ok ? ok(oldest) : removed;
    },
    async create({ name, publicKey }, { authKey, volumeId }) {
      const made = await http.call("POST", "/droplets", OneDroplet, {
        name,
        region: plan.region,
        size: plan.size,
        image: plan.image,
        ssh_keys: [md5Fingerprint(publicKey)],
        volumes: volumeId === null ? [] : [volumeId],
        tags: [TAG],
        // The node is its owner's: no agent that lets the account in by the control panel.
        with_droplet_agent: false,
        user_data: plan.userData({ name, authKey, volumeName: volumeId === null ? null : name }),
      });
      return made.ok ? ok(String(made.value.droplet.id)) : made;
    },
    async remove({ name }, id) {
      const found = await named(name);
      return found.ok ? removeAll(http, "/droplets", id, found.value) : found;
    },
  };

  return {
    ...kind,
    /** Null while the machine has no public address, or has one and is not active yet. */
    async publicAddress(id: string): Promise<Result<string | null, NodeProviderFailure>> {
      const got = await http.call("GET", `/droplets/${encodeURIComponent(id)}`, OneDroplet);
      if (!got.ok) return got;
      const { status, networks } = got.value.droplet;
      const address = networks.v4?.find(({ type }) => type === "public")?.ip_address;
      return ok(status === "new" ? null : (address ?? null));
    },
  };
}
