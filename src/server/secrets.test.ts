import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { deriveKey, installationSecret } from "./secrets";

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "timmy-secrets-"));
});
afterEach(() => rm(dataDir, { recursive: true }));

test("is made once, in a file that only its owner reads, and nothing else is left", async () => {
  const secret = await installationSecret(dataDir);
  expect(secret).toMatch(/^[0-9a-f]{64}$/);
  expect(await installationSecret(dataDir)).toBe(secret);
  expect(await readdir(dataDir)).toEqual(["secrets.json"]);
  expect((await stat(join(dataDir, "secrets.json"))).mode & 0o777).toBe(0o600);
  expect(JSON.parse(await readFile(join(dataDir, "secrets.json"), "utf8"))).toEqual({ rootSecret: secret });
});

test("is another one in another folder", async () => {
  expect(await installationSecret(dataDir)).not.toBe(await installationSecret(join(dataDir, "other", "deep")));
});

test("eight that ask at once get the same", async () => {
  for (let round = 0; round < 20; round += 1) {
    const folder = join(dataDir, String(round));
    const secrets = await Promise.all(Array.from({ length: 8 }, () => installationSecret(folder)));
    expect(new Set(secrets).size).toBe(1);
    expect(await readdir(folder)).toEqual(["secrets.json"]);
  }
});

test("two processes that start at once get the same", async () => {
  const program = new URL("../testing/secret-asker.ts", import.meta.url);
  const askers = [1, 2, 3].map(() => fork(program, { execArgv: ["--import", "tsx"] }));
  await Promise.all(askers.map((asker) => once(asker, "message"))); // each is loaded and waits
  const folders = Array.from({ length: 20 }, (_, round) => join(dataDir, String(round)));
  const answers = askers.map((asker) => once(asker, "message"));
  for (const asker of askers) asker.send(folders);
  const [one, two, three] = (await Promise.all(answers)).map(([secrets]) => secrets as string[]);
  for (const asker of askers) asker.disconnect();
  expect(one).toHaveLength(20);
  expect(two).toEqual(one);
  expect(three).toEqual(one);
});

test.each(["", "{", "{}", '{"rootSecret":"short"}', "null"])(
  "a damaged file (%j) is never replaced",
  async (content) => {
    await writeFile(join(dataDir, "secrets.json"), content);
    await expect(installationSecret(dataDir)).rejects.toThrow(/damaged/);
    expect(await readFile(join(dataDir, "secrets.json"), "utf8")).toBe(content);
  },
);

test("keys for different purposes have nothing in common", () => {
  const [one, again, other] = [deriveKey("secret", "a"), deriveKey("secret", "a"), deriveKey("secret", "b")];
  expect(one).toHaveLength(32);
  expect(again).toEqual(one);
  expect(other).not.toEqual(one);
  expect(deriveKey("another secret", "a")).not.toEqual(one);
});
