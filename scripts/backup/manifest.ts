import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

/** What a back-up is made of. It is written last: a folder without it is no back-up. */
const Manifest = z.object({
  format: z.literal(1),
  takenAt: z.iso.datetime(),
  /** The schema that it fits, by what made it. */
  migrations: z.array(z.object({ name: z.string(), checksum: z.string() })),
  /** In an order in which each table comes after those that it refers to. */
  tables: z.array(
    z.object({
      name: z.string(),
      columns: z.array(z.string()),
      rows: z.int().nonnegative(),
      file: z.string().regex(/^[a-z0-9_.]+\.copy\.gz$/),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  ),
  sequences: z.array(z.object({ name: z.string(), value: z.string().regex(/^\d+$/) })),
});
export type Manifest = z.infer<typeof Manifest>;

export const MANIFEST_FILE = "manifest.json";

export class NoBackup extends Error {}

export async function readManifest(folder: string): Promise<Manifest> {
  const text = await readFile(join(folder, MANIFEST_FILE), "utf8").catch(() => null);
  if (text === null) throw new NoBackup(`${folder} is no back-up: it has no ${MANIFEST_FILE}`);
  return Manifest.parse(JSON.parse(text));
}
