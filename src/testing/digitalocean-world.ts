import { digitaloceanProvider } from "~/adapters/digitalocean/digitalocean-provider";
import { tailnet } from "~/adapters/tailscale/tailnet";
import type { TailscaleCredentials } from "~/adapters/tailscale/tailscale-http";
import type { NodeOrder, NodePart, NodeProvider } from "~/ports/node-provider";
import { type DigitalOceanServer, startDigitalOceanServer } from "./digitalocean-server";
import { type MovableClock, movableClock } from "./movable-clock";
import { OAUTH_CLIENT, startTailscaleServer, type TailscaleServer } from "./tailscale-server";
import { type WebServer, webServer } from "./web-server";

/** The real adapters against local servers, and the machine that they speak of. */
export type DigitalOceanWorld = {
  provider: NodeProvider;
  digitalocean: DigitalOceanServer;
  tailscale: TailscaleServer;
  /** The status page of the one machine there is. */
  machine: WebServer;
  clock: MovableClock;
  /** What the machine says of itself; null: it does not answer. */
  says(status: unknown): void;
  comesUp(order: NodeOrder, authKey: string | null): Promise<void>;
  count(part: NodePart, order: NodeOrder): number;
  stop(): Promise<void>;
};

export async function digitaloceanWorld(
  options: { credentials?: TailscaleCredentials; private?: boolean; volumeSizeGb?: number; timeoutMs?: number } = {},
): Promise<DigitalOceanWorld> {
  const [digitalocean, tailscale] = await Promise.all([startDigitalOceanServer(), startTailscaleServer()]);
  const clock = movableClock();
  const timeoutMs = options.timeoutMs ?? 5_000;
  let status: unknown = null;
  const machine = await webServer((request, reply) => {
    if (status === null) request.socket.destroy();
    else reply.end(typeof status === "string" ? status : JSON.stringify(status));
  });

  const network = tailnet(
    {
      baseUrl: tailscale.url,
      credentials: options.credentials ?? OAUTH_CLIENT,
      tailnet: "-",
      tags: ["tag:timmy-node"],
      timeoutMs,
    },
    clock,
  );
  const provider = digitaloceanProvider({
    account: { baseUrl: digitalocean.url, token: "dop_v1_test", timeoutMs },
    plan: {
      region: "nyc3",
      size: "s-2vcpu-4gb",
      image: "debian-13-x64",
      userData: ({ name, authKey, volumeName }) => `#cloud-config\n# ${name} ${authKey ?? "-"} ${volumeName ?? "-"}\n`,
    },
    volumeSizeGb: options.volumeSizeGb ?? 100,
    tailnet: options.private === false ? null : network,
    statusUrl: () => machine.url,
    lnbitsPort: 5000,
    clock,
  });

  const nameOf = ({ orderId }: NodeOrder) => `timmy-node-${orderId}`;
  return {
    provider,
    digitalocean,
    tailscale,
    machine,
    clock,
    says(said) {
      status = said;
    },
    async comesUp(order, authKey) {
      if (authKey) tailscale.join(authKey, nameOf(order));
      status = { state: "ready", stage: "The node is up" };
    },
    count(part, order) {
      const named = (items: readonly { name: string }[]) => items.filter(({ name }) => name === nameOf(order)).length;
      if (part === "server") return named(digitalocean.droplets);
      if (part === "volume") return named(digitalocean.volumes);
      if (part === "sshKey") return digitalocean.keys.filter((key) => key.public_key === order.publicKey).length;
      const name = nameOf(order);
      const keys = tailscale.keys.filter(({ description }) => description === name);
      return keys.length + tailscale.devices.filter(({ hostname }) => hostname === name).length;
    },
    async stop() {
      await Promise.all([digitalocean.stop(), tailscale.stop(), machine.stop()]);
    },
  };
}
