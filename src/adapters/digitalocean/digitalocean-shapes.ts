import { z } from "zod";

/** What DigitalOcean's API v2 answers (https://docs.digitalocean.com/reference/api/), of each object what is used. */

const SshKey = z.object({ id: z.int(), fingerprint: z.string() });
/** POST /account/keys, GET /account/keys/{fingerprint}. */
export const OneSshKey = z.object({ ssh_key: SshKey });

const Volume = z.object({ id: z.string().min(1), name: z.string(), region: z.object({ slug: z.string() }) });
/** POST /volumes. */
export const OneVolume = z.object({ volume: Volume });
/** GET /volumes. */
export const Volumes = z.object({ volumes: z.array(Volume) });

const Droplet = z.object({
  id: z.int(),
  name: z.string(),
  status: z.enum(["new", "active", "off", "archive"]),
  networks: z.object({
    v4: z.array(z.object({ ip_address: z.string(), type: z.enum(["public", "private"]) })).optional(),
  }),
});
export type Droplet = z.infer<typeof Droplet>;
/** POST /droplets, GET /droplets/{id}. */
export const OneDroplet = z.object({ droplet: Droplet });
/** GET /droplets. */
export const Droplets = z.object({ droplets: z.array(Droplet) });

/** Beside every list; `next` is there while there are more pages. */
export const Paging = z.object({
  links: z.object({ pages: z.object({ next: z.string().optional() }).optional() }).optional(),
});
