import { randomBytes } from "node:crypto";
import type pg from "pg";
import { nostrTokens } from "~/modules/identity/nostr-token";
import { deriveKey } from "~/server/secrets";
import { SECRET } from "./world";

/** What somebody may be given by the pool: more than they ask for, or a part of it. */
export type Means = "rich" | "poor";

const CHARGED_SATS: Readonly<Record<Means, number>> = { rich: 1_000_000, poor: 20 };
const ELITE = 1_000;

/** Somebody who has been here often, an hour ago: a fresh identity of the highest tier. Returns the headers that it sends. */
export async function regular(pool: pg.Pool, means: Means | undefined): Promise<Record<string, string>> {
  if (!means) return {};
  const pubkey = randomBytes(32).toString("hex");
  await pool.query(
    `INSERT INTO identity (pubkey, created_at, last_seen_at, score, charged_sats)
     VALUES ($1, now() - interval '1 hour', now() - interval '1 hour', $2, $3)`,
    [pubkey, ELITE, CHARGED_SATS[means]],
  );
  const { token } = nostrTokens(deriveKey(SECRET, "nostr token")).issue(pubkey, new Date());
  return { "x-nostr-token": token };
}
