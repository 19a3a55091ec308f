import { hkdfSync, randomBytes } from "node:crypto";
import { link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

const SecretsFile = z.object({ rootSecret: z.string().regex(/^[0-9a-f]{64}$/) });
const KEY_BYTES = 32;

/** A key for one purpose: knowing it tells nothing about the secret or another purpose's key (HKDF, RFC 5869). */
export const deriveKey = (secret: string, purpose: string): Buffer =>
  Buffer.from(hkdfSync("sha256", secret, "timmy", purpose, KEY_BYTES));

/**
 * The secret of this installation, made at the first start and kept in `<dataDir>/secrets.json`, which only its owner
 * reads. Any number of processes may ask at once and get the same: the file appears whole or not at all, and once.
 */
export async function installationSecret(dataDir: string): Promise<string> {
  const path = join(dataDir, "secrets.json");
  const kept = await readSecrets(path);
  if (kept) return kept;

  await mkdir(dataDir, { recursive: true });
  const draft = `${path}.${randomBytes(6).toString("hex")}`;
  const rootSecret = randomBytes(KEY_BYTES).toString("hex");
  await writeFile(draft, `${JSON.stringify({ rootSecret }, null, 2)}\n`, { mode: 0o600, flag: "wx" });
  try {
    await link(draft, path); // fails if another process was first, and then its secret is the one
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    await rm(draft, { force: true });
  }
  const agreed = await readSecrets(path);
  if (!agreed) throw new Error(`${path} vanished while it was made`);
  return agreed;
}

async function readSecrets(path: string): Promise<string | null> {
  let content: string;
  try {
    content = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
  const parsed = SecretsFile.safeParse(jsonOrNull(content));
  // Making a new one would silently void every refund token that was ever given out.
  if (!parsed.success) throw new Error(`${path} is damaged: restore it, refund tokens depend on it`);
  return parsed.data.rootSecret;
}

function jsonOrNull(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return null;
  }
}
