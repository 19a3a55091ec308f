/** How far an identity has come, and what that opens (spec §6). `anonymous` is nobody's tier: it stands for no identity. */
export const TRUST_TIERS = ["anonymous", "new", "established", "trusted", "elite"] as const;
export type TrustTier = (typeof TRUST_TIERS)[number];
type KnownTier = Exclude<TrustTier, "anonymous">;

/** The score from which each tier begins; `new` begins at 0. */
export type TierThresholds = { established: number; trusted: number; elite: number };

/** A score as it was when its identity was last seen. */
export type Score = { score: number; lastSeenAt: Date };

/**
 * Completed work for which the visitor paid, and such as the pool paid alone; a request that was rejected, or that the
 * work model refused. Failures of ours are no event.
 */
export type TrustEvent = "paidWork" | "freeWork" | "refused";
const CHANGE: Record<TrustEvent, number> = { paidWork: 1, freeWork: 0, refused: -2 };

const DAY_MS = 86_400_000;

/** The score now: after `afterDays` of absence it falls by 1 with each full day, to 0 at the lowest. */
export function decayedScore({ score, lastSeenAt }: Score, now: Date, afterDays: number): number {
  const daysAway = Math.floor((now.getTime() - lastSeenAt.getTime()) / DAY_MS - afterDays);
  return Math.max(0, score - Math.max(0, daysAway));
}

/** Seen now. What absence took is taken for good before the absence is over. */
export function seen(known: Score, now: Date, afterDays: number): Score {
  // A clock that stands behind the last visit's leaves that visit standing.
  if (now <= known.lastSeenAt) return known;
  return { score: decayedScore(known, now, afterDays), lastSeenAt: now };
}

/** The event happened now. */
export function scored(known: Score, event: TrustEvent, now: Date, afterDays: number): Score {
  const present = seen(known, now, afterDays);
  return { ...present, score: Math.max(0, present.score + CHANGE[event]) };
}

/** The highest tier whose threshold the score reaches. */
export function tierOf(score: number, thresholds: TierThresholds): KnownTier {
  if (score >= thresholds.elite) return "elite";
  if (score >= thresholds.trusted) return "trusted";
  return score >= thresholds.established ? "established" : "new";
}
