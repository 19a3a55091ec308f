import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { LINT_SEEDS } from "./lint-seeds";
import { HOUSE, type Seed, WALL_SEEDS } from "./walls-seeds";

const REPOSITORY = resolve(import.meta.dirname, "../..");
/** Checked by scripts/walls.mjs itself. */
const OWN_RULES = ["every-file-is-cruised", "folders-have-an-owner"];

const Violations = z.object({ violations: z.array(z.object({ rule: z.string(), from: z.string() })) });
const Diagnostics = z.object({
  diagnostics: z.array(z.object({ category: z.string(), location: z.object({ path: z.string() }) })),
});

let house: string;
beforeAll(async () => {
  house = await mkdtemp(join(tmpdir(), "walls-"));
  await cp(join(REPOSITORY, "tsconfig.json"), join(house, "tsconfig.json"));
  // The ignore file of git is read by Biome where the repository's settings say so; this tree has no git.
  const biome = z.looseObject({}).parse(JSON.parse(readFileSync(join(REPOSITORY, "biome.json"), "utf8")));
  await writeFile(join(house, "biome.json"), JSON.stringify({ ...biome, $schema: undefined, vcs: undefined }));
  await build(HOUSE);
});
afterAll(() => rm(house, { recursive: true, force: true }));

describe("walls", () => {
  test("a house in order breaks no wall", async () => {
    expect(await violations()).toEqual([]);
    expect(await lint()).toEqual([]);
  });

  describe("with one break of each", () => {
    let found: string[];
    beforeAll(async () => {
      await build(WALL_SEEDS.flatMap((seed) => seed.files));
      found = await violations();
    });

    test.each(WALL_SEEDS)("$rule in $from", ({ rule, from }) => {
      expect(found).toContain(`${rule} ${from}`);
    });
  });

  test("every rule has its break", () => {
    const Config = z.object({ forbidden: z.array(z.object({ name: z.string(), severity: z.literal("error") })) });
    const config = Config.parse(createRequire(import.meta.url)(join(REPOSITORY, ".dependency-cruiser.cjs")));
    const rules = [...config.forbidden.map((rule) => rule.name), ...OWN_RULES];
    expect(new Set(WALL_SEEDS.map((seed) => seed.rule))).toEqual(new Set(rules));
  });
});

describe("lint", () => {
  test("each rule that the settings name is seen", async () => {
    await build(LINT_SEEDS.flatMap((seed) => seed.files));
    const found = await lint();
    for (const { rule, from } of LINT_SEEDS) expect(found).toContain(`${rule} ${from}`);
  });

  test("every rule that the settings name has its break", () => {
    const Groups = z.object({
      linter: z.object({
        rules: z.record(z.string(), z.union([z.string(), z.record(z.string(), z.literal("error"))])),
      }),
    });
    const { rules } = Groups.parse(JSON.parse(readFileSync(join(REPOSITORY, "biome.json"), "utf8"))).linter;
    const named = Object.values(rules).flatMap((group) => (typeof group === "string" ? [] : Object.keys(group)));
    expect(new Set(LINT_SEEDS.map((seed) => seed.rule))).toEqual(new Set(named));
  });
});

async function build(files: Seed["files"]) {
  for (const { path, text } of files) {
    await mkdir(dirname(join(house, path)), { recursive: true });
    await writeFile(join(house, path), text);
  }
}

/** "rule file" of each broken wall. */
async function violations() {
  const out = await run(process.execPath, [join(REPOSITORY, "scripts/walls.mjs"), "--json", house]);
  return Violations.parse(JSON.parse(out)).violations.map(({ rule, from }) => `${rule} ${from}`);
}

/** "rule file" of each finding of the linter. */
async function lint() {
  const require = createRequire(import.meta.url);
  const out = await run(process.execPath, [
    require.resolve("@biomejs/biome/bin/biome"),
    "lint",
    "--reporter=json",
    "--max-diagnostics=none",
    ".",
  ]);
  return Diagnostics.parse(JSON.parse(out)).diagnostics.map(
    ({ category, location }) => `${category.split("/").at(-1)} ${location.path.replace(/^\.\//, "")}`,
  );
}

/** What a check printed; it exits non-zero when it found something. */
async function run(command: string, args: string[]) {
  const options = { cwd: house, maxBuffer: 64 * 1024 * 1024 };
  const { stdout } = await promisify(execFile)(command, args, options).catch(withOutput);
  return stdout;
}

function withOutput(error: unknown) {
  return z.object({ stdout: z.string().min(1) }).parse(error);
}
