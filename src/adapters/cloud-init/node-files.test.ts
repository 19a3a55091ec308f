import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const FOLDER = join(import.meta.dirname, "node");

test("node-files.json holds the files of node/ (`vitest -u` writes it)", async () => {
  const names = readdirSync(FOLDER).sort();
  const files = Object.fromEntries(names.map((name) => [name, readFileSync(join(FOLDER, name), "utf8")]));
  expect(names.length).toBeGreaterThan(10);
  await expect(`${JSON.stringify(files, null, 2)}\n`).toMatchFileSnapshot("node-files.json");
});
