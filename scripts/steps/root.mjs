import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout, wherever the caller stands. */
export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
/** @param {string[]} parts a path in the checkout */
export const inRoot = (...parts) => join(ROOT, ...parts);
