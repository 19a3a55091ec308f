/** What the spec says of trust and the pool, in plain variables. Sats; times in ms. */
export type ModelIdentity = {
  pubkey: string;
  /** As it was when the identity was last seen. */
  score: bigint;
  lastSeen: number;
  interactions: bigint;
  charged: bigint;
  absorbed: bigint;
};

/** What the pool does for a job, if anything. */
export type ModelUse = { state: "pledged" | "reserved" | "settled"; sats: bigint; day: number };

/** A job or a request, as far as trust and the pool know of it. */
export type ServedJob = {
  identity: ModelIdentity | null;
  /** What of the quote the pool was counted on for, and what it does about it. */
  covered: bigint;
  use: ModelUse | null;
};
/** In the pool; put into it by the operator; paid out of it for work; flown into it from work. */
export type PoolTotals = { pool: bigint; committed: bigint; granted: bigint; credited: bigint };
export type Economy = {
  now: number;
  jobs: readonly ServedJob[];
  /** Of sessions. */
  requests: readonly ServedJob[];
  totals: PoolTotals;
};

/** Few points and sats, so that every tier, budget and end of the pool is met within a short life. */
export const FREE_TIER_SETTINGS = {
  ...{ TRUST_ESTABLISHED: "2", TRUST_TRUSTED: "4", TRUST_ELITE: "6" },
  ...{ BUDGET_ESTABLISHED_SATS: "25", BUDGET_TRUSTED_SATS: "60", BUDGET_ELITE_SATS: "150" },
  ...{ TRUST_DECAY_AFTER_DAYS: "1", POOL_SEED_SATS: "300" },
};
export const SEED = 300n;
const DAY_MS = 86_400_000;
const SAME_VISIT_MS = 60_000;
const TIERS = [
  { from: 6n, name: "elite", budget: 150n },
  { from: 4n, name: "trusted", budget: 60n },
  { from: 2n, name: "established", budget: 25n },
  { from: 0n, name: "new", budget: 0n },
] as const;

export const MOST_A_DAY = TIERS[0].budget;

export const dayOf = (now: number): number => Math.floor(now / DAY_MS);

/** One point for each whole day after the first of an absence. */
function scoreNow({ score, lastSeen }: ModelIdentity, now: number): bigint {
  const wholeDays = BigInt(Math.max(0, Math.floor((now - lastSeen) / DAY_MS)));
  const taken = wholeDays > 1n ? wholeDays - 1n : 0n;
  return taken > score ? 0n : score - taken;
}

export function tierOf(identity: ModelIdentity, now: number) {
  const score = scoreNow(identity, now);
  const tier = TIERS.find(({ from }) => score >= from);
  if (!tier) throw new Error("every score has a tier");
  return tier;
}

function seen(identity: ModelIdentity, now: number): void {
  identity.score = scoreNow(identity, now);
  identity.lastSeen = now;
}

export function visited(identity: ModelIdentity, now: number): void {
  if (now - identity.lastSeen >= SAME_VISIT_MS) seen(identity, now);
}

/** An order of somebody came to its end. */
export function happened(model: Economy, job: ServedJob, change: 1n | 0n | -2n, charged = 0n): void {
  const { identity } = job;
  if (!identity) return;
  seen(identity, model.now);
  identity.score += change;
  if (identity.score < 0n) identity.score = 0n;
  identity.interactions += 1n;
  identity.charged += charged;
}

/** What an identity may still be given today, and in its life. */
function left({ jobs, requests, now }: Economy, identity: ModelIdentity): bigint {
  const uses = [...jobs, ...requests].flatMap((job) => (job.identity === identity && job.use ? [job.use] : []));
  const sum = (which: ModelUse[]) => which.reduce((total, { sats }) => total + sats, 0n);
  const today = tierOf(identity, now).budget - sum(uses.filter(({ day }) => day === dayOf(now)));
  const inLife = identity.charged - identity.absorbed - sum(uses.filter(({ state }) => state !== "settled"));
  return least(today, inLife);
}

const least = (...amounts: bigint[]) => {
  const smallest = amounts.reduce((a, b) => (a < b ? a : b));
  return smallest < 0n ? 0n : smallest;
};

/** Who pays for work that was judged acceptable: true where the pool alone does. */
export function decided(model: Economy, job: ServedJob, quote: bigint): boolean {
  const { identity } = job;
  const { totals } = model;
  if (!identity) return false;
  const covered = least(quote, left(model, identity), totals.pool);
  const free = covered === quote;
  job.covered = covered;
  if (free) totals.pool -= covered;
  if (covered > 0n) job.use = { state: free ? "reserved" : "pledged", sats: covered, day: dayOf(model.now) };
  return free;
}

/** The same for a request of a session: a part is set aside at once too. */
export function decidedInPart(model: Economy, request: ServedJob, quote: bigint): void {
  const { identity } = request;
  if (!identity) return;
  request.covered = least(quote, left(model, identity), model.totals.pool);
  if (request.covered === 0n) return;
  model.totals.pool -= request.covered;
  request.use = { state: "reserved", sats: request.covered, day: dayOf(model.now) };
}

/** The visitor's part was paid. */
export function pledgeTaken(model: Economy, job: ServedJob): void {
  const pledged = job.use;
  if (!job.identity || pledged?.state !== "pledged") return;
  job.use = null;
  const taken = least(pledged.sats, left(model, job.identity), model.totals.pool);
  if (taken === 0n) return;
  model.totals.pool -= taken;
  job.use = { state: "reserved", sats: taken, day: dayOf(model.now) };
}

export function pledgeDropped(job: ServedJob): void {
  if (job.use?.state === "pledged") job.use = null;
}

/** The work has its price, or none. Returns what of it the pool paid. */
export function poolSettled(model: Economy, job: ServedJob, price: bigint): bigint {
  const { use, identity } = job;
  if (use?.state !== "reserved" || !identity) return 0n;
  const granted = least(price, use.sats);
  model.totals.pool += use.sats - granted;
  model.totals.granted += granted;
  identity.absorbed += granted;
  job.use = granted === 0n ? null : { ...use, state: "settled", sats: granted };
  return granted;
}

/** The pool's share of what a visitor was charged for work: a tenth, rounded down. */
export function poolCredited({ totals }: Economy, charged: bigint): void {
  const share = charged / 10n;
  totals.pool += share;
  totals.credited += share;
}
