import { err, ok, type Result } from "~/core/result";
import type { Clock } from "~/ports/clock";
import type {
  Given,
  MadePart,
  NodeHealth,
  NodeOrder,
  NodePart,
  NodeProvider,
  NodeProviderFailure,
} from "~/ports/node-provider";
import type { Tailnet } from "../tailscale/tailnet";
import { accountKeys } from "./account-keys";
import { type DigitalOceanAccount, digitaloceanHttp } from "./digitalocean-http";
import { type DropletPlan, droplets } from "./droplets";
import { askNodeStatus } from "./node-status";
import type { PartKind } from "./part-kind";
import { volumes } from "./volumes";

export type DigitalOceanParts = {
  account: DigitalOceanAccount;
  plan: DropletPlan;
  /** GiB; 0: the machine's own disk must do. */
  volumeSizeGb: number;
  /** Null: the nodes are in no private network. */
  tailnet: Tailnet | null;
  /** Where a machine with this address tells how far it is. */
  statusUrl(ip: string): string;
  /** The port of LNbits on a node. */
  lnbitsPort: number;
  clock: Clock;
};

/** What was sent so long ago and cannot be found did not arrive. */
const SETTLED_MS = 60_000;

/** Nodes as droplets of one account. Everything of an order carries one name, and is found by it. */
export function digitaloceanProvider(parts: DigitalOceanParts): NodeProvider {
  const { account, plan, volumeSizeGb, tailnet, clock } = parts;
  const http = digitaloceanHttp(account, clock);
  const servers = droplets(http, plan);
  const kinds: Record<Exclude<NodePart, "authKey">, PartKind> = {
    sshKey: accountKeys(http),
    volume: volumes(http, { region: plan.region, sizeGb: volumeSizeGb }),
    server: servers,
  };

  const made = (id: string, secret: string | null = null) => ok({ id, secret });

  async function make(part: NodePart, order: NodeOrder, given: Given): Promise<Result<MadePart, NodeProviderFailure>> {
    const sought = { name: nodeName(order), publicKey: order.publicKey };
    if (part === "authKey") {
      if (!tailnet) return err(unused(part));
      const minted = await tailnet.mintKey(sought.name);
      return minted.ok ? made(minted.value.id, minted.value.key) : minted;
    }
    const kind = kinds[part];
    const found = await kind.find(sought);
    if (!found.ok) return found;
    if (found.value !== null) return made(found.value);
    const unsettled = stillOnItsWay(given.triedAt, clock.now());
    if (unsettled) return err(unsettled);
    const created = await kind.create(sought, given);
    if (created.ok) return made(created.value);
    // Somebody may have been quicker: keys and volumes of one name are refused the second time.
    if (created.error.code !== "providerRefused" && created.error.code !== "providerBusy") return created;
    const there = await kind.find(sought);
    return there.ok && there.value !== null ? made(there.value) : created;
  }

  async function checkHealth(
    order: NodeOrder,
    { serverId, ip }: { serverId: string; ip: string },
  ): Promise<Result<NodeHealth, NodeProviderFailure>> {
    const status = await askNodeStatus(parts.statusUrl(ip), account.timeoutMs);
    if (!status) {
      const there = await servers.publicAddress(serverId);
      return there.ok ? ok({ state: "starting", stage: "The machine is starting" }) : there;
    }
    if (status.state === "failed") return ok({ state: "failed", detail: status.stage });
    if (status.state === "starting") return ok({ state: "starting", stage: status.stage });
    if (!tailnet) return healthy(null);
    const device = await tailnet.findDevice(nodeName(order));
    if (!device.ok) return device;
    return device.value === null
      ? ok({ state: "starting", stage: "Joining the private network" })
      : healthy(device.value);
  }

  const healthy = (hostname: string | null) =>
    ok({
      state: "healthy" as const,
      tailscaleHostname: hostname,
      lnbitsUrl: `http://${hostname ?? "localhost"}:${parts.lnbitsPort}`,
    });

  async function remove(
    part: NodePart,
    order: NodeOrder,
    { id, triedAt }: { id: string | null; triedAt: Date | null },
  ): Promise<Result<null, NodeProviderFailure>> {
    const sought = { name: nodeName(order), publicKey: order.publicKey };
    const removed = part === "authKey" ? await forget(sought.name, id) : await kinds[part].remove(sought, id);
    if (!removed.ok) return removed;
    // With an id the outcome of the last try is known, and it is gone.
    const unsettled = id === null ? stillOnItsWay(triedAt, clock.now()) : null;
    return unsettled ? err(unsettled) : ok(null);
  }

  /** The key, and the machine that it let in: the server is gone by now. */
  async function forget(name: string, keyId: string | null) {
    if (!tailnet) return ok(null);
    const revoked = await tailnet.revokeKeys(name, keyId);
    return revoked.ok ? tailnet.removeDevices(name) : revoked;
  }

  return {
    kind: "digitalocean",
    parts: [
      "sshKey",
      ...(tailnet ? (["authKey"] as const) : []),
      ...(volumeSizeGb > 0 ? (["volume"] as const) : []),
      "server",
    ],
    make,
    async findAddress(serverId) {
      const address = await servers.publicAddress(serverId);
      if (!address.ok) return address;
      return ok(address.value === null ? null : { ip: address.value });
    },
    checkHealth,
    remove,
  };
}

/** Fits a droplet, a volume (64 characters), a host name (63) and the description of an auth key (50). */
const nodeName = ({ orderId }: NodeOrder) => `timmy-node-${orderId}`;

/** A request whose answer was lost may still be carried out: until then nothing can be said of what is not there. */
function stillOnItsWay(triedAt: Date | null, now: Date): NodeProviderFailure | null {
  const waitMs = triedAt === null ? 0 : triedAt.getTime() + SETTLED_MS - now.getTime();
  if (waitMs <= 0) return null;
  const detail = "an earlier try may still be carried out";
  return { code: "providerBusy", retryAfterSeconds: Math.ceil(waitMs / 1000), detail };
}

const unused = (part: NodePart): NodeProviderFailure => ({
  code: "providerRefused",
  detail: `nodes of these settings have no ${part}`,
});
