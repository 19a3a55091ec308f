import { ok } from "~/core/result";
import type { DigitalOceanHttp } from "./digitalocean-http";
import { OneVolume, Volumes } from "./digitalocean-shapes";
import type { PartKind } from "./part-kind";
import { removeAll } from "./remove-all";

/** DigitalOcean allows 16 characters for the label of an ext4 volume. */
const LABEL = "timmy-node";

/** Block storage. A region has at most one volume of a name. */
export function volumes(http: DigitalOceanHttp, { region, sizeGb }: { region: string; sizeGb: number }): PartKind {
  async function named(name: string) {
    const pages = await http.list("/volumes", { name, region }, Volumes);
    if (!pages.ok) return pages;
    const found = pages.value.flatMap((page) => page.volumes);
    return ok(found.filter((volume) => volume.name === name && volume.region.slug === region).map(({ id }) => id));
  }

  return {
    async find({ name }) {
      const found = await named(name);
      return found.ok ? ok(found.value[0] ?? null) : found;
    },
    async create({ name }) {
      const made = await http.call("POST", "/volumes", OneVolume, {
        name,
        region,
        size_gigabytes: sizeGb,
        description: "Disk of a node of Timmy's",
        filesystem_type: "ext4",
        filesystem_label: LABEL,
        tags: ["timmy-node"],
      });
      return made.ok ? ok(made.value.volume.id) : made;
    },
    async remove({ name }, id) {
      const found = await named(name);
      return found.ok ? removeAll(http, "/volumes", id, found.value) : found;
    },
  };
}
