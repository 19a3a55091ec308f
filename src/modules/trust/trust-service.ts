import { type Sats, ZERO_SATS } from "~/core/money";
import type { Database, Tx } from "~/db/client";
import type { Clock } from "~/ports/clock";
import {
  decayedScore,
  type Score,
  scored,
  seen,
  type TierThresholds,
  type TrustEvent,
  type TrustTier,
  tierOf,
} from "./trust";
import { type KnownIdentity, lockIdentity, lockOrMakeIdentity, readIdentity, writeScore } from "./trust-store";

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

/** Scores and tiers of identities (spec §6). Decay is applied on reading, and before any change. */
export function trustService({ db, clock, settings }: { db: Database; clock: Clock; settings: TrustSettings }) {
  const { thresholds, decayAfterDays, dailyBudgetSats } = settings;

  const scoreNow = (known: Score) => decayedScore(known, clock.now(), decayAfterDays);

  /** The tier that answers show, from what is known of an order's identity; `anonymous` for nobody. */
  const tierNow = (known: Score | null): TrustTier => (known ? tierOf(scoreNow(known), thresholds) : "anonymous");

  function standingOf(known: KnownIdentity): Standing {
    const tier = tierNow(known);
    const { pubkey, version, interactionCount, lastSeenAt } = known;
    const dailyBudget = dailyBudgetSats[tier];
    return {
      pubkey,
      tier,
      score: scoreNow(known),
      version,
      interactionCount,
      lastSeenAt,
      dailyBudgetSats: dailyBudget,
    };
  }

  /** Null for a key that has never logged in. */
  async function standing(tx: Tx, pubkey: string): Promise<Standing | null> {
    const known = await readIdentity(tx, pubkey);
    return known && standingOf(known);
  }

  /** The same, and it stays so until the transaction ends. */
  async function lockedStanding(tx: Tx, pubkey: string): Promise<Standing | null> {
    const known = await lockIdentity(tx, pubkey);
    return known && standingOf(known);
  }

  /** The identity proved itself just now: it is made where it is new, and its absence is over. */
  async function visited(pubkey: string): Promise<Standing> {
    const before = await readIdentity(db.prisma, pubkey);
    if (before && clock.now().getTime() - before.lastSeenAt.getTime() < SAME_VISIT_MS) return standingOf(before);
    return db.inTx(async (tx) => {
      const known = await lockOrMakeIdentity(tx, pubkey, clock.now());
      const present = seen(known, clock.now(), decayAfterDays);
      return standingOf(await writeScore(tx, known, present, { interactions: 0, chargedSats: ZERO_SATS }));
    });
  }

  /** What came of an order, in the transaction of its end. `chargedSats`: what the visitor was really charged for work. */
  async function happened(tx: Tx, pubkey: string, event: TrustEvent, chargedSats: Sats): Promise<void> {
    const known = await lockOrMakeIdentity(tx, pubkey, clock.now());
    const changed = scored(known, event, clock.now(), decayAfterDays);
    await writeScore(tx, known, changed, { interactions: 1, chargedSats });
  }

  /**
   * What an event would make of the identity as it stands now, for a caller who writes it down together with something
   * else. It is told from `version`: where that is not the identity's any more, it is wrong. Null for a key that never
   * logged in.
   */
  async function wouldBe(pubkey: string, event: TrustEvent): Promise<(Score & { version: number }) | null> {
    const known = await readIdentity(db.prisma, pubkey);
    return known && { ...scored(known, event, clock.now(), decayAfterDays), version: known.version };
  }

  return { standing, lockedStanding, tierNow, visited, happened, wouldBe, dailyBudgetSats };
}
export type TrustService = ReturnType<typeof trustService>;
