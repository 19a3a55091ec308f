/**
 * Runs the bundled server, with what V8 has made of it before: `node launch.mjs <bundle>`. A server is loaded for each
 * kill, and so that takes half the time.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { dirname } from "node:path";
import vm from "node:vm";

const [, , bundle = ""] = process.argv;
const compiled = `${bundle}.compiled`;
const script = new vm.Script(Module.wrap(readFileSync(bundle, "utf8")), {
  filename: bundle,
  importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  ...(existsSync(compiled) && { cachedData: readFileSync(compiled) }),
});
process.on("message", (message) => {
  if (message !== "keep what is compiled") return;
  writeFileSync(`${compiled}.new`, script.createCachedData());
  renameSync(`${compiled}.new`, compiled);
  process.send?.("kept");
});
script.runInThisContext()({}, createRequire(bundle), {}, bundle, dirname(bundle));
