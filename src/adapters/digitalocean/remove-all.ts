import { ok, type Result } from "~/core/result";
import type { NodeProviderFailure } from "~/ports/node-provider";
import type { DigitalOceanHttp } from "./digitalocean-http";

/** Deletes the recorded one and all that were found; what is gone already is fine. */
export async function removeAll(
  http: DigitalOceanHttp,
  path: string,
  recorded: string | null,
  found: readonly string[],
): Promise<Result<null, NodeProviderFailure>> {
  const ids = new Set([...(recorded ? [recorded] : []), ...found]);
  for (const id of ids) {
    const removed = await http.delete(`${path}/${encodeURIComponent(id)}`);
    if (!removed.ok) return removed;
  }
  return ok(null);
}
