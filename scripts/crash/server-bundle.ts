import { build, type Plugin } from "esbuild";
import { inRoot, ROOT } from "../steps/root.mjs";

const here = (...parts: string[]) => inRoot("scripts", "crash", ...parts);

/** The modules that lead out of the business, and what stands in their place: the same, with an eye on each call. */
const SEAMS: Readonly<Record<string, string>> = {
  "src/db/client.ts": "database.ts",
  "src/adapters/simulated-wallet/simulated-wallet.ts": "simulated-wallet.ts",
  "src/adapters/canned-agent/canned-agent.ts": "canned-agent.ts",
  "src/adapters/lnurl/resolve-lightning-address.ts": "resolve-lightning-address.ts",
  "src/adapters/coingecko/fetch-price.ts": "fetch-price.ts",
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
  const outfile = inRoot("dist", "crash", "server.mjs");
  const used = new Set<string>();
  await build({
    absWorkingDir: ROOT,
    entryPoints: [here("server", "main.ts")],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    packages: "external",
    logLevel: "warning",
    plugins: [seams(used)],
  });
  const unused = Object.keys(SEAMS).filter((module) => !used.has(module));
  if (unused.length > 0) throw new Error(`nobody imports ${unused.join(", ")} any more: mend the seams`);
  return outfile;
}
