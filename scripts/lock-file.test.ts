import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

type Entry = {
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  resolved?: string;
};
const packages: Record<string, Entry> = JSON.parse(readFileSync("package-lock.json", "utf8")).packages;

/** As Node looks a package up: in the node_modules of the folder, then of each above. */
function isThere(from: string, name: string): boolean {
  for (let at = from; ; at = at.includes("/node_modules/") ? at.slice(0, at.lastIndexOf("/node_modules/")) : "") {
    if (packages[`${at}${at && "/"}node_modules/${name}`]) return true;
    if (at === "") return false;
  }
}

// `npm ci` refuses a lock file that lacks an optional package, also one of another platform.
test("the lock file has every package that any platform needs", () => {
  const missing = Object.entries(packages).flatMap(([path, { dependencies, optionalDependencies }]) =>
    Object.keys({ ...dependencies, ...optionalDependencies })
      .filter((name) => !isThere(path, name))
      .map((name) => `${path}: ${name}`),
  );
  expect(missing).toEqual([]);
});

test("the lock file names no registry but the public one", () => {
  const elsewhere = Object.values(packages).filter(
    ({ resolved }) => resolved && !resolved.startsWith("https://registry.npmjs.org/"),
  );
  expect(elsewhere).toEqual([]);
});
