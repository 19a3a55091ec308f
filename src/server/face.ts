import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { sharedApi } from "./shared-api";

/**
 * Answers an API request that arrived at Next: with `next dev` or `next start`, where no server of ours stands before
 * it. The client's address is not known there, so all of them count as one, and the work needs a worker beside it.
 * The server is not Next's to bundle: it comes as the build made it.
 */
export async function handleApiRequest(request: Request): Promise<Response> {
  const api = await sharedApi(async () => {
    const built = pathToFileURL(join(process.cwd(), "dist", "mounted.mjs")).href;
    const { openMountedApi } = (await import(/* turbopackIgnore: true */ built)) as typeof import("./mounted");
    return openMountedApi();
  });
  return api.handle(request, { remoteAddress: null });
}
