import { z } from "zod";
import { ok, type Result } from "~/core/result";
import type { Clock } from "~/ports/clock";
import type { NodeProviderFailure } from "~/ports/node-provider";
import { type TailscaleConfig, tailscaleHttp } from "./tailscale-http";
import { DeviceList, KeyList, NewKey } from "./tailscale-shapes";

export type TailnetConfig = TailscaleConfig & {
  /** `-` is the one that the credentials belong to. */
  tailnet: string;
  /** What the nodes are tagged with; an OAuth client may only make tagged keys. */
  tags: readonly string[];
};

/** The private network of the nodes, each known by its name. */
export type Tailnet = {
  /** A key that lets one machine in, once. Keys of the same name that are still good are revoked. */
  mintKey(name: string): Promise<Result<{ id: string; key: string }, NodeProviderFailure>>;
  /** Revokes the keys of this name, and the one with this id. Content when there is none. */
  revokeKeys(name: string, id: string | null): Promise<Result<null, NodeProviderFailure>>;
  /** The full name of the machine that joined under this name; null when none has. */
  findDevice(name: string): Promise<Result<string | null, NodeProviderFailure>>;
  /** Takes the machines that joined under this name out of the network. Content when there is none. */
  removeDevices(name: string): Promise<Result<null, NodeProviderFailure>>;
};

/** The whole set-up of a node and its repetitions fit in. */
const KEY_SECONDS = 6 * 3600;
const Anything = z.unknown();

/** Makes, finds and removes what a node needs in the tailnet: an auth key, later its device. */
export function tailnet(config: TailnetConfig, clock: Clock): Tailnet {
  const http = tailscaleHttp(config, clock);
  const network = `/tailnet/${encodeURIComponent(config.tailnet)}`;

  async function mintKey(name: string) {
    const revoked = await revokeKeys(name, null);
    if (!revoked.ok) return revoked;
    const create = { reusable: false, ephemeral: false, preauthorized: true, tags: [...config.tags] };
    const body = { description: name, expirySeconds: KEY_SECONDS, capabilities: { devices: { create } } };
    const made = await http.call("POST", `${network}/keys`, NewKey, body);
    return made.ok ? ok({ id: made.value.id, key: made.value.key }) : made;
  }

  async function revokeKeys(name: string, id: string | null): Promise<Result<null, NodeProviderFailure>> {
    // Without `all` an OAuth client is shown OAuth clients only.
    const listed = await http.call("GET", `${network}/keys?all=true`, KeyList);
    if (!listed.ok) return listed;
    const named = listed.value.keys.filter((key) => key.description === name && !key.revoked && !key.invalid);
    return removeAll(new Set([...(id ? [id] : []), ...named.map((key) => key.id)]), (key) => `${network}/keys/${key}`);
  }

  async function devices(name: string) {
    const query = new URLSearchParams({ hostname: name });
    const listed = await http.call("GET", `${network}/devices?${query}`, DeviceList);
    return listed.ok ? ok(listed.value.devices.filter(({ hostname }) => hostname === name)) : listed;
  }

  async function removeAll(ids: ReadonlySet<string>, path: (id: string) => string) {
    for (const id of ids) {
      const removed = await http.call("DELETE", path(encodeURIComponent(id)), Anything);
      if (!removed.ok && removed.error.code !== "providerNotFound") return removed;
    }
    return ok(null);
  }

  return {
    mintKey,
    revokeKeys,
    async findDevice(name) {
      const found = await devices(name);
      return found.ok ? ok(found.value[0]?.name ?? null) : found;
    },
    async removeDevices(name) {
      const found = await devices(name);
      if (!found.ok) return found;
      return removeAll(new Set(found.value.map(({ nodeId }) => nodeId)), (id) => `/device/${id}`);
    },
  };
}
