import { type Api, createApi } from "./api";
import { createContainer } from "./container";
import { openAppDatabase } from "./database-store";
import { loadSettings } from "./env";

/** Next bundles its own copy of this file: what the process shares hangs on the process. */
const shared = globalThis as { [KEY]?: Promise<Api> | undefined };
const KEY: unique symbol = Symbol.for("timmy.api") as never;

/** What the server that fronts Next does, so that Next's own routes use the same app. */
export function offerToPages(api: Api): void {
  shared[KEY] = Promise.resolve(api);
}

/**
 * Answers an API request that arrived at Next: with `next dev` or `next start`, where no server of ours stands before
 * it. The address of the client is not known there, so all of them count as one. Work needs `npm run worker` beside it.
 */
export async function handleApiRequest(request: Request): Promise<Response> {
  shared[KEY] ??= openApi().catch((error: unknown) => {
    shared[KEY] = undefined; // the next request tries again
    throw error;
  });
  const api = await shared[KEY];
  return api.handle(request, { remoteAddress: null });
}

async function openApi(): Promise<Api> {
  const settings = await loadSettings();
  const database = await openAppDatabase(settings, console.log);
  return createApi(await createContainer(settings, database.url));
}
