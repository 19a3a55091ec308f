import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { BundledModule, modulesOf } from "../protocol";

/** They pass on what others ask for: the function that called them has the better name. */
const PASS_ON = new Set([
  "invoice-service.issue",
  "payout-service.rollBackOnError",
  "session-request-store.one",
  "session-service.issue",
  "bootstrap-provision.record",
]);
/** Below the business, or between it and the adapters: who called them is asked for. */
const BELOW = /^((db|adapters|ports|core)\/|server\/metered$)/;
const FRAMES = 40;

const bundle = fileURLToPath(import.meta.url);
let modules: readonly BundledModule[] | undefined;
/** By place in the bundle: null for what has no name of its own, or is not ours. */
const names = new Map<number, string | null>();

/** Which function of the business calls just now, as `file.function`; null where none does, only waits. */
export function caller(): string | null {
  for (const site of sites()) {
    if (site.isAsync() || site.getFileName()?.endsWith(bundle) !== true) continue;
    const name = nameOf(site.getLineNumber() ?? 0, site.getFunctionName());
    if (name) return name;
  }
  return null;
}

/** The stack as objects, which costs a fraction of its text. */
function sites(): NodeJS.CallSite[] {
  const { stackTraceLimit, prepareStackTrace } = Error;
  Error.stackTraceLimit = FRAMES;
  Error.prepareStackTrace = (_error, found) => found;
  try {
    return new Error().stack as unknown as NodeJS.CallSite[];
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    Error.prepareStackTrace = prepareStackTrace;
  }
}

function nameOf(line: number, functionName: string | null): string | null {
  const known = names.get(line);
  if (known !== undefined) return known;
  const name = find(line, functionName);
  names.set(line, name);
  return name;
}

function find(line: number, functionName: string | null): string | null {
  modules ??= z.array(BundledModule).parse(JSON.parse(readFileSync(modulesOf(bundle), "utf8")));
  const file = modules.findLast((module) => module.line < line)?.file ?? "";
  const [, path] = /^src\/(.+)\.ts$/.exec(file) ?? [];
  if (!path || BELOW.test(path) || !functionName) return null;
  const full = `${path.slice(path.lastIndexOf("/") + 1)}.${functionName.slice(functionName.lastIndexOf(".") + 1)}`;
  return PASS_ON.has(full) ? null : full;
}
