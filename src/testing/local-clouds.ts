import { parse } from "yaml";
import { z } from "zod";
import { type DigitalOceanServer, startDigitalOceanServer } from "./digitalocean-server";
import { OAUTH_CLIENT, startTailscaleServer, type TailscaleServer } from "./tailscale-server";
import { type WebServer, webServer } from "./web-server";

/** Local stand-ins of everything that nodes are made with, and the settings that lead a whole app to them. */
export type LocalClouds = {
  settings: Record<string, string>;
  digitalocean: DigitalOceanServer;
  tailscale: TailscaleServer;
  /** The status page of every machine there is. */
  machine: WebServer;
  /** What it says; null: it is asked and does not answer. */
  says(status: object | null): void;
  /** The machine that was made last reads its user data, joins the private network and is up. */
  comesUp(): void;
  stop(): Promise<void>;
};

const DO_TOKEN = "dop_v1_0123456789abcdef";
const UserData = z.object({
  hostname: z.string(),
  write_files: z.array(z.object({ path: z.string(), content: z.string() })),
});

export async function localClouds(): Promise<LocalClouds> {
  const [digitalocean, tailscale] = await Promise.all([
    startDigitalOceanServer({ token: DO_TOKEN }),
    startTailscaleServer(),
  ]);
  let status: object | null = { state: "starting", stage: "Bitcoin Core is starting" };
  const machine = await webServer((_, reply) => {
    if (status) reply.end(JSON.stringify(status));
  });

  return {
    settings: {
      DO_API_TOKEN: DO_TOKEN,
      DO_API_URL: digitalocean.url,
      DO_REGION: "fra1",
      TAILSCALE_OAUTH_CLIENT_ID: OAUTH_CLIENT.clientId,
      TAILSCALE_OAUTH_CLIENT_SECRET: OAUTH_CLIENT.clientSecret,
      TAILSCALE_API_URL: tailscale.url,
      BOOTSTRAP_STATUS_URL: machine.url,
    },
    digitalocean,
    tailscale,
    machine,
    says(said) {
      status = said;
    },
    comesUp() {
      const text = digitalocean.droplets.at(-1)?.request.user_data ?? "";
      const { hostname, write_files } = UserData.parse(parse(text, { version: "1.1" }));
      const key = write_files.find(({ path }) => path.endsWith("/tailscale-key"))?.content ?? "";
      if (!tailscale.devices.some((device) => device.hostname === hostname)) tailscale.join(key.trim(), hostname);
      status = { state: "ready", stage: "The node is up" };
    },
    async stop() {
      await Promise.all([digitalocean.stop(), tailscale.stop(), machine.stop()]);
    },
  };
}
