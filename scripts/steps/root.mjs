import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout's folder, whatever the working directory. */
export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
/** @param {string[]} parts a path in the checkout */
export const inRoot = (...parts) => join(ROOT, ...parts);
