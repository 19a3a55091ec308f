import { type Sats, sats } from "~/core/money";
import type { Tx } from "~/db/client";
import type { Identity as Row } from "~/db/generated/client";
import type { Score } from "./trust";

export type KnownIdentity = Score & {
  pubkey: string;
  /** Grows with every change of score and absence: who decides by a standing names the one it read. */
  version: number;
  interactionCount: number;
  chargedSats: Sats;
};

const toKnown = (row: Row): KnownIdentity => ({
  pubkey: row.pubkey,
  score: row.score,
  lastSeenAt: row.lastSeenAt,
  version: row.version,
  interactionCount: row.interactionCount,
  chargedSats: sats(row.chargedSats),
});

export async function readIdentity(tx: Tx, pubkey: string): Promise<KnownIdentity | null> {
  const row = await tx.identity.findUnique({ where: { pubkey } });
  return row && toKnown(row);
}

/** Makes the identity where it is new, and keeps every other writer out until the transaction ends. */
export async function lockOrMakeIdentity(tx: Tx, pubkey: string, now: Date): Promise<KnownIdentity> {
  await tx.$executeRaw`INSERT INTO identity (pubkey, created_at, last_seen_at) VALUES (${pubkey}, ${now}, ${now})
    ON CONFLICT (pubkey) DO NOTHING`;
  await tx.$executeRaw`SELECT 1 FROM identity WHERE pubkey = ${pubkey} FOR UPDATE`;
  return toKnown(await tx.identity.findUniqueOrThrow({ where: { pubkey } }));
}

/** Writes what a visit or an event made of the score, and adds to the counts. The identity must be locked. */
export async function writeScore(
  tx: Tx,
  pubkey: string,
  { score, lastSeenAt }: Score,
  add: { interactions: number; chargedSats: Sats },
): Promise<void> {
  await tx.$executeRaw`
    UPDATE identity SET score = ${score}, last_seen_at = ${lastSeenAt}, version = version + 1,
      interaction_count = interaction_count + ${add.interactions}, charged_sats = charged_sats + ${add.chargedSats}
    WHERE pubkey = ${pubkey}`;
}
