import type { Api } from "./api";

/** Next has its own copy of every module, so what a process shares hangs on the process. */
const KEY = Symbol.for("timmy.api");
type Shared = { [KEY]?: Promise<Api> | undefined };
const shared = globalThis as Shared;

/** Makes this the process's API. */
export function shareApi(api: Api): void {
  shared[KEY] = Promise.resolve(api);
}

/** The API of the process, opened if nobody did. */
export function sharedApi(open: () => Promise<Api>): Promise<Api> {
  shared[KEY] ??= open().catch((error: unknown) => {
    shared[KEY] = undefined; // the next request tries again
    throw error;
  });
  return shared[KEY];
}
