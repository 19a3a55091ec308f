import { createHash, randomUUID } from "node:crypto";
import { z } from "zod";
import { type ApiAnswer, type ApiCall, type ApiRoute, type ApiStandIn, startApiStandIn } from "./api-stand-in";

/**
 * A local DigitalOcean that knows the calls that are used here. Shapes and answers follow the public reference
 * (https://docs.digitalocean.com/reference/api/digitalocean/) and the OpenAPI description behind it
 * (github.com/digitalocean/openapi, specification/resources), August 2026; the operation is named at each.
 */
type KeptKey = { id: number; name: string; public_key: string; fingerprint: string };
type KeptVolume = {
  id: string;
  name: string;
  region: string;
  size_gigabytes: number;
  droplet_ids: number[];
  detachIn: number;
};
type KeptDroplet = {
  id: number;
  name: string;
  request: z.infer<typeof NewDroplet>;
  /** How many more times it is shown as `new`, and as `active` without an address. */
  newFor: number;
  withoutAddressFor: number;
};

export type DigitalOceanServer = ApiStandIn & {
  keys: KeptKey[];
  volumes: KeptVolume[];
  droplets: KeptDroplet[];
  /** Each list call is answered so many at a time. */
  perPage: number;
  /** For the droplets that are made from now on. */
  slow: { newFor: number; withoutAddressFor: number };
  /** A volume stays attached to a droplet that is gone for so many attempts to delete it. */
  detachesAfter: number;
  dropletLimit: number;
  /** Somebody makes a droplet by hand. */
  addDroplet(name: string): number;
};

export const DROPLET_IP = "203.0.113.7";

const Name = z.string().regex(/^[a-zA-Z0-9]?[a-z0-9A-Z.-]*[a-z0-9A-Z]$/);
const Page = { page: z.string().regex(/^[1-9]\d*$/), per_page: z.string().regex(/^(?:[1-9]\d?|1\d\d|200)$/) };

/** sshKeys_create */
const NewKey = z.strictObject({ name: z.string().min(1), public_key: z.string().regex(/^ssh-rsa [A-Za-z0-9+/]+=*$/) });
/** volumes_list */
const VolumeQuery = z.strictObject({ name: z.string(), region: z.string(), ...Page }).partial();
/** volumes_create, ext4 */
const NewVolume = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/),
  region: z.enum(["nyc3", "fra1"]),
  size_gigabytes: z.int().min(1).max(16_384),
  description: z.string().optional(),
  filesystem_type: z.literal("ext4").optional(),
  filesystem_label: z.string().max(16).optional(),
  tags: z.array(z.string()).optional(),
});
/** droplets_list: `name` can not be combined with `tag_name`. */
const DropletQuery = z.strictObject({ name: z.string(), ...Page }).partial();
/** droplets_create, one droplet */
const NewDroplet = z.strictObject({
  name: Name.max(255),
  region: z.enum(["nyc3", "fra1"]).optional(),
  size: z.string().regex(/^[a-z0-9]+-[a-z0-9-]+$/),
  image: z.union([z.string().min(1), z.int()]),
  ssh_keys: z.array(z.union([z.int(), z.string()])).optional(),
  backups: z.boolean().optional(),
  ipv6: z.boolean().optional(),
  monitoring: z.boolean().optional(),
  tags: z
    .array(z.string().regex(/^[A-Za-z0-9:_-]{1,255}$/))
    .nullable()
    .optional(),
  user_data: z
    .string()
    .max(64 * 1024)
    .optional(),
  volumes: z.array(z.uuid()).optional(),
  vpc_uuid: z.string().optional(),
  with_droplet_agent: z.boolean().optional(),
  public_networking: z.boolean().optional(),
});

const notFound: ApiAnswer = {
  status: 404,
  json: { id: "not_found", message: "The resource you were accessing could not be found." },
};
const unprocessable = (message: string): ApiAnswer => ({
  status: 422,
  json: { id: "unprocessable_entity", message, request_id: randomUUID() },
});
/** As every refusal of too many calls looks (introduction, "Rate Limit"). */
export const tooManyRequests = (headers: Record<string, string> = {}): ApiAnswer => ({
  status: 429,
  headers: { "ratelimit-remaining": "0", ...headers },
  json: { id: "too_many_requests", message: "API Rate limit exceeded." },
});

export async function startDigitalOceanServer({ token = "dop_v1_test" } = {}): Promise<DigitalOceanServer> {
  const keys: KeptKey[] = [];
  const volumes: KeptVolume[] = [];
  const droplets: KeptDroplet[] = [];
  const moods = { perPage: 200, slow: { newFor: 0, withoutAddressFor: 0 }, detachesAfter: 0, dropletLimit: 10 };
  let lastId = 3_164_444;
  const nextId = () => {
    lastId += 1;
    return lastId;
  };
  const addDroplet = (name: string, request: KeptDroplet["request"] = { name, size: "s-1vcpu-1gb", image: "any" }) => {
    const id = nextId();
    droplets.push({ id, name, request, ...moods.slow });
    return id;
  };

  /** The last pages have no `next`, and a list that fits one page has no `links` at all. */
  function paged(name: string, all: readonly unknown[], call: ApiCall): ApiAnswer {
    const size = Math.min(moods.perPage, Number(call.query.per_page ?? 20));
    const page = Number(call.query.page ?? 1);
    const items = all.slice((page - 1) * size, page * size);
    const next = `https://api.digitalocean.com${call.path}?page=${page + 1}&per_page=${size}`;
    const links =
      all.length <= size ? {} : { pages: page * size < all.length ? { next, last: next } : { first: next } };
    return { status: 200, json: { [name]: items, links, meta: { total: all.length } } };
  }

  const routes: ApiRoute[] = [
    {
      // sshKeys_get: https://docs.digitalocean.com/reference/api/digitalocean/#operation/sshKeys_get
      method: "GET",
      path: "/v2/account/keys/:key",
      answer({ params }) {
        const key = keys.find(({ id, fingerprint }) => [String(id), fingerprint].includes(params.key ?? ""));
        return key ? { status: 200, json: { ssh_key: key } } : notFound;
      },
    },
    {
      // sshKeys_create
      method: "POST",
      path: "/v2/account/keys",
      body: NewKey,
      answer({ body }) {
        const { name, public_key } = NewKey.parse(body);
        const fingerprint = fingerprintOf(public_key);
        if (keys.some((key) => key.fingerprint === fingerprint))
          return unprocessable("SSH Key is already in use on your account");
        const key = { id: nextId(), name, public_key, fingerprint };
        keys.push(key);
        return { status: 201, json: { ssh_key: key } };
      },
    },
    {
      // sshKeys_delete
      method: "DELETE",
      path: "/v2/account/keys/:key",
      answer: ({ params }) =>
        removeFrom(keys, ({ id, fingerprint }) => [String(id), fingerprint].includes(params.key ?? "")),
    },
    {
      // volumes_list
      method: "GET",
      path: "/v2/volumes",
      query: VolumeQuery,
      answer(call) {
        const { name, region } = call.query;
        const found = volumes.filter((volume) => (name ?? volume.name) === volume.name);
        return paged("volumes", found.filter((volume) => (region ?? volume.region) === volume.region).map(shown), call);
      },
    },
    {
      // volumes_create
      method: "POST",
      path: "/v2/volumes",
      body: NewVolume,
      answer({ body }) {
        const { name, region, size_gigabytes } = NewVolume.parse(body);
        if (volumes.some((volume) => volume.name === name && volume.region === region))
          return { status: 409, json: { id: "conflict", message: "volume name already exists in region" } };
        const volume = {
          id: randomUUID(),
          name,
          region,
          size_gigabytes,
          droplet_ids: [],
          detachIn: moods.detachesAfter,
        };
        volumes.push(volume);
        return { status: 201, json: { volume: shown(volume) } };
      },
    },
    {
      // volumes_delete
      method: "DELETE",
      path: "/v2/volumes/:id",
      answer({ params }) {
        const volume = volumes.find(({ id }) => id === params.id);
        const orphaned = volume && !droplets.some(({ id }) => volume.droplet_ids.includes(id));
        if (orphaned && volume.detachIn > 0) volume.detachIn -= 1;
        else if (orphaned) volume.droplet_ids = [];
        if ((volume?.droplet_ids.length ?? 0) > 0)
          return { status: 409, json: { id: "conflict", message: "attached volume cannot be deleted" } };
        return removeFrom(volumes, ({ id }) => id === params.id);
      },
    },
    {
      // droplets_list: names are compared whole, whatever their case
      method: "GET",
      path: "/v2/droplets",
      query: DropletQuery,
      answer(call) {
        const name = call.query.name?.toLowerCase();
        const found = droplets.filter((droplet) => name === undefined || droplet.name.toLowerCase() === name);
        return paged("droplets", found.map(look), call);
      },
    },
    {
      // droplets_create
      method: "POST",
      path: "/v2/droplets",
      body: NewDroplet,
      answer({ body }) {
        const request = NewDroplet.parse(body);
        if (droplets.length >= moods.dropletLimit)
          return unprocessable("creating this/these droplet(s) will exceed your droplet limit");
        const known = (key: string | number) => keys.some(({ id, fingerprint }) => key === id || key === fingerprint);
        if (!request.ssh_keys?.every(known)) return unprocessable("one or more of the ssh keys could not be found");
        const wanted = volumes.filter(({ id }) => request.volumes?.includes(id));
        if (wanted.length !== (request.volumes ?? []).length || wanted.some((volume) => volume.droplet_ids.length > 0))
          return unprocessable("volume is not available");
        const id = addDroplet(request.name, request);
        for (const volume of wanted) volume.droplet_ids = [id];
        const droplet = droplets.find((made) => made.id === id);
        const actions = [{ id: nextId(), rel: "create", href: "https://api.digitalocean.com/v2/actions/7515" }];
        return { status: 202, json: { droplet: droplet && { ...look(droplet), status: "new" }, links: { actions } } };
      },
    },
    {
      // droplets_get
      method: "GET",
      path: "/v2/droplets/:id",
      answer({ params }) {
        const droplet = droplets.find(({ id }) => String(id) === params.id);
        return droplet ? { status: 200, json: { droplet: grow(droplet) } } : notFound;
      },
    },
    {
      // droplets_destroy
      method: "DELETE",
      path: "/v2/droplets/:id",
      answer: ({ params }) => removeFrom(droplets, ({ id }) => String(id) === params.id),
    },
  ];

  const server = await startApiStandIn({
    routes,
    refuse: ({ headers }) =>
      headers.authorization === `Bearer ${token}`
        ? null
        : { status: 401, json: { id: "Unauthorized", message: "Unable to authenticate you" } },
    headers: { "ratelimit-limit": "5000", "ratelimit-remaining": "4816", "ratelimit-reset": "1444931833" },
  });
  return Object.assign(moods, server, { keys, volumes, droplets, addDroplet });
}

function removeFrom<T>(kept: T[], wanted: (item: T) => boolean): ApiAnswer {
  const at = kept.findIndex(wanted);
  if (at < 0) return notFound;
  kept.splice(at, 1);
  return { status: 204 };
}

const shown = ({ region, detachIn: _, ...volume }: KeptVolume) => ({
  ...volume,
  region: { slug: region, name: "Somewhere 1", available: true },
  filesystem_type: "ext4",
  created_at: "2026-08-01T12:00:00Z",
});

function look(droplet: KeptDroplet) {
  const addresses = [
    { ip_address: "10.128.192.124", netmask: "255.255.0.0", gateway: "nil", type: "private" },
    { ip_address: DROPLET_IP, netmask: "255.255.192.0", gateway: "203.0.113.1", type: "public" },
  ];
  const active = droplet.newFor <= 0;
  return {
    id: droplet.id,
    name: droplet.name,
    status: active ? "active" : "new",
    locked: !active,
    tags: droplet.request.tags ?? [],
    volume_ids: droplet.request.volumes ?? [],
    networks: { v4: active && droplet.withoutAddressFor <= 0 ? addresses : [], v6: [] },
    created_at: "2026-08-01T12:00:00Z",
  };
}

/** What it is now; at the next look it is further. */
function grow(droplet: KeptDroplet) {
  const now = look(droplet);
  if (droplet.newFor > 0) droplet.newFor -= 1;
  else if (droplet.withoutAddressFor > 0) droplet.withoutAddressFor -= 1;
  return now;
}

const fingerprintOf = (publicKey: string) =>
  (
    createHash("md5")
      .update(Buffer.from(publicKey.split(" ")[1] ?? "", "base64"))
      .digest("hex")
      .match(/../g) ?? []
  ).join(":");
