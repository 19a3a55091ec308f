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

type KnownColumns = Pick<Row, "pubkey" | "score" | "lastSeenAt" | "version" | "interactionCount" | "chargedSats">;

const toKnown = (row: KnownColumns): KnownIdentity => ({
  pubkey: row.pubkey,
  score: row.score,
  lastSeenAt: row.lastSeenAt,
  version: row.version,
  interactionCount: row.interactionCount,
  chargedSats: sats(row.chargedSats),
});

/** Reads without a lock; null for a key that has never been here. */
export async function readIdentity(tx: Tx, pubkey: string): Promise<KnownIdentity | null> {
  const row = await tx.identity.findUnique({ where: { pubkey } });
  return row && toKnown(row);
}

/**
 * Reads the identity and keeps every other writer out until the transaction ends. Orders of it can still be made
 * meanwhile: their foreign key asks for its row, but not for its key to change.
 */
export async function lockIdentity(tx: Tx, pubkey: string): Promise<KnownIdentity | null> {
  const [row] = await tx.$queryRaw<KnownColumns[]>`
    SELECT pubkey, score, last_seen_at AS "lastSeenAt", version, interaction_count AS "interactionCount",
      charged_sats AS "chargedSats"
    FROM identity WHERE pubkey = ${pubkey} FOR NO KEY UPDATE`;
  return row ? toKnown(row) : null;
}

/** The same, and makes the identity where it is new. */
export async function lockOrMakeIdentity(tx: Tx, pubkey: string, now: Date): Promise<KnownIdentity> {
  const known = await lockIdentity(tx, pubkey);
  if (known) return known;
  await tx.$executeRaw`INSERT INTO identity (pubkey, created_at, last_seen_at) VALUES (${pubkey}, ${now}, ${now})
    ON CONFLICT (pubkey) DO NOTHING`;
  const made = await lockIdentity(tx, pubkey);
  if (!made) throw new Error("an identity vanished while it was made");
  return made;
}

/** Writes what a visit or an event made of the score, and adds to the counts. The identity must be locked. */
export async function writeScore(
  tx: Tx,
  known: KnownIdentity,
  { score, lastSeenAt }: Score,
  add: { interactions: number; chargedSats: Sats },
): Promise<KnownIdentity> {
  await tx.$executeRaw`
    UPDATE identity SET score = ${score}, last_seen_at = ${lastSeenAt}, version = version + 1,
      interaction_count = interaction_count + ${add.interactions}, charged_sats = charged_sats + ${add.chargedSats}
    WHERE pubkey = ${known.pubkey}`;
  return {
    ...known,
    score,
    lastSeenAt,
    version: known.version + 1,
    interactionCount: known.interactionCount + add.interactions,
    chargedSats: sats(known.chargedSats + add.chargedSats),
  };
}
