import { type Sats, ZERO_SATS } from "~/core/money";
import type { Database, Tx } from "~/db/client";
import type { Clock } from "~/ports/clock";
import { decayedScore, scored, seen, type TierThresholds, type TrustEvent, type TrustTier, tierOf } from "./trust";
import { type KnownIdentity, lockOrMakeIdentity, readIdentity, writeScore } from "./trust-store";

export type TrustSettings = {
  thresholds: TierThresholds;
  decayAfterDays: number;
  /** Of the pool, a UTC day. */
  dailyBudgetSats: Record<TrustTier, Sats>;
};

/** What an identity is trusted with at this moment. */
export type Standing = {
  pubkey: string;
  tier: TrustTier;
  score: number;
  version: number;
  interactionCount: number;
  lastSeenAt: Date;
  dailyBudgetSats: Sats;
};

/** A visit within this time of the last one is the same visit: it writes nothing. */
const SAME_VISIT_MS = 60_000;

export function trustService({ db, clock, settings }: { db: Database; clock: Clock; settings: TrustSettings }) {
  const { thresholds, decayAfterDays, dailyBudgetSats } = settings;

  function standingOf(known: KnownIdentity): Standing {
    const score = decayedScore(known, clock.now(), decayAfterDays);
    const tier = tierOf(score, thresholds);
    const { pubkey, version, interactionCount, lastSeenAt } = known;
    return { pubkey, tier, score, version, interactionCount, lastSeenAt, dailyBudgetSats: dailyBudgetSats[tier] };
  }

  /** Null for a key that has never logged in. */
  async function standing(tx: Tx, pubkey: string): Promise<Standing | null> {
    const known = await readIdentity(tx, pubkey);
    return known && standingOf(known);
  }

  /** The tier that answers name: of nobody, `anonymous`. */
  async function tier(tx: Tx, pubkey: string | null): Promise<TrustTier> {
    if (pubkey === null) return "anonymous";
    return (await standing(tx, pubkey))?.tier ?? "new";
  }

  /** The identity proved itself just now: it is made where it is new, and its absence is over. */
  async function visited(pubkey: string): Promise<Standing> {
    const before = await readIdentity(db.prisma, pubkey);
    if (before && clock.now().getTime() - before.lastSeenAt.getTime() < SAME_VISIT_MS) return standingOf(before);
    return db.inTx(async (tx) => {
      const known = await lockOrMakeIdentity(tx, pubkey, clock.now());
      await writeScore(tx, pubkey, seen(known, clock.now(), decayAfterDays), {
        interactions: 0,
        chargedSats: ZERO_SATS,
      });
      return standingOf((await readIdentity(tx, pubkey)) ?? known);
    });
  }

  /** What came of an order, in the transaction of its end. `chargedSats`: what the visitor was really charged for work. */
  async function happened(tx: Tx, pubkey: string, event: TrustEvent, chargedSats: Sats): Promise<void> {
    const known = await lockOrMakeIdentity(tx, pubkey, clock.now());
    await writeScore(tx, pubkey, scored(known, event, clock.now(), decayAfterDays), { interactions: 1, chargedSats });
  }

  return { standing, tier, visited, happened };
}
export type TrustService = ReturnType<typeof trustService>;
