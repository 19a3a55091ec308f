import type { digitaloceanProvider as createReal } from "~/adapters/digitalocean/digitalocean-provider";

/** No real machine is made here, and to load its client would take a part of each start. */
export const digitaloceanProvider: typeof createReal = () => {
  throw new Error("a server that is killed has no account for machines");
};
