/** Bundles the server's entries from src/server into dist/*.mjs: our own code, and tRPC; packages stay in node_modules. */
import { existsSync, rmSync } from "node:fs";
import { build } from "esbuild";
import { inRoot, ROOT } from "./root.mjs";

const entryPoints = ["main", "web", "worker", "mounted"]
  .map((name) => `src/server/${name}.ts`)
  .filter((file) => existsSync(inRoot(file)));

rmSync(inRoot("dist", "chunks"), { recursive: true, force: true });
await build({
  absWorkingDir: ROOT,
  entryPoints,
  outdir: "dist",
  entryNames: "[name]",
  chunkNames: "chunks/[name]-[hash]",
  outExtension: { ".js": ".mjs" },
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  packages: "external",
  // tRPC's published build copies objects the way old engines needed, several times per call; the package includes its
  // sources.
  alias: { "@trpc/server": "./node_modules/@trpc/server/src" },
  sourcemap: true,
  logLevel: "warning",
});
