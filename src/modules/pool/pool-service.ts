import { createHmac } from "node:crypto";
import { type Sats, sats, ZERO_SATS } from "~/core/money";
import type { Database, Tx } from "~/db/client";
import { poolToppedUp } from "~/modules/ledger/ledger";
import { post } from "~/modules/ledger/ledger-service";
import type { TrustTier } from "~/modules/trust/trust";
import type { Standing, TrustService } from "~/modules/trust/trust-service";
import { type Decision, decisionOf } from "./pool";
import {
  balance,
  type Decider,
  decide,
  dropPledge,
  reservedFor,
  seed,
  settle,
  takePledge,
  usedToday,
} from "./pool-store";

export type PoolSettings = {
  seedSats: Sats;
  /** Of what a visitor was really charged for work, rounded down. */
  creditPct: number;
  /** Absorbed in a lifetime ≤ this of what was charged for work in a lifetime. */
  maxReturnPct: number;
};

/** What a piece of work that is done brought the pool, and took from it. */
export type PoolMoved = { creditedSats: Sats; grantedSats: Sats };

type Order = { orderKind: string; orderId: string };

type Preview = { tier: TrustTier; decision: Decision };
export type Offer = Preview & {
  /** What the pool may still give. */
  balanceSats: Sats;
  /** Of each tier, a UTC day. */
  dailyBudgetSats: Readonly<Record<TrustTier, Sats>>;
};

/** A dry run is for no order. */
const NOBODYS_ORDER = "00000000-0000-0000-0000-000000000000";

/** The generosity pool and who gets how much of it (spec §7). It knows no kind of order. */
export function poolService(deps: { db: Database; trust: TrustService; settings: PoolSettings; grantKey: Buffer }) {
  const { db, trust, settings } = deps;
  const { maxReturnPct } = settings;

  /** As they stand now: by the time of the decision it may be different, and then the database says so. */
  async function presentDecider(pubkey: string): Promise<(Decider & Pick<Standing, "tier">) | null> {
    const standing = await trust.standing(db.prisma, pubkey);
    return standing && { ...standing, maxReturnPct };
  }

  /** As they stand now, and stay until the transaction ends. */
  async function decider(tx: Tx, pubkey: string): Promise<Decider | null> {
    const standing = await trust.lockedStanding(tx, pubkey);
    return standing && { ...standing, maxReturnPct };
  }

  async function preview(pubkey: string | null, quoteSats: Sats): Promise<Preview> {
    if (pubkey === null) return { tier: "anonymous", decision: decisionOf(quoteSats, ZERO_SATS) };
    const who = await presentDecider(pubkey);
    // A key that never logged in has nothing to lose, and nothing to be trusted with.
    if (!who) return { tier: "new", decision: decisionOf(quoteSats, ZERO_SATS) };
    const covered = await decide(db.prisma, who, NOBODYS_ORDER, quoteSats, "nothing");
    return { tier: who.tier, decision: decisionOf(quoteSats, covered) };
  }

  /** Stands for a request in the log of grants: who knows the request can prove it, nobody can read it. */
  const hmacOf = (request: string): string => createHmac("sha256", deps.grantKey).update(request).digest("hex");

  return {
    /** For who decides in a statement of its own, where its order moves too (`free_tier_decide`). */
    presentDecider,
    decider,
    hmacOf,

    /** What the pool begins with, once in its life. */
    seedIfNew: () => db.inTx((tx) => seed(tx, settings.seedSats)),

    /** The operator has more given away. Under the same id it happens once. Returns what the pool then holds. */
    async topUp(tx: Tx, id: string, amount: Sats, reason: string): Promise<Sats> {
      await post(tx, { key: `pool-topup:${id}`, lines: [poolToppedUp(amount)], memo: `by hand: ${reason}` });
      return balance(tx);
    },
    balanceSats: () => balance(db.prisma),

    /** What would be decided now, and for whom. Changes nothing. */
    preview,

    /** The same, with all that the pool offers to whom. */
    async offer(pubkey: string | null, quoteSats: Sats): Promise<Offer> {
      const [previewed, balanceSats] = await Promise.all([preview(pubkey, quoteSats), balance(db.prisma)]);
      return { ...previewed, balanceSats, dailyBudgetSats: trust.dailyBudgetSats };
    },

    /**
     * Decides for an order of an identity, in the transaction that moves the order. `free`: the whole quote is set aside
     * now. `partial`: the part is pledged, and set aside when the visitor's own part is paid.
     */
    async decide(tx: Tx, pubkey: string | null, orderId: string, quoteSats: Sats): Promise<Decision> {
      const who = pubkey === null ? null : await decider(tx, pubkey);
      return decisionOf(quoteSats, who ? await decide(tx, who, orderId, quoteSats, "whole") : ZERO_SATS);
    },

    /** The visitor's part is paid: sets the pledged part aside as far as it still reaches. */
    async takePledge(tx: Tx, pubkey: string, orderId: string): Promise<Sats> {
      const who = await decider(tx, pubkey);
      return who ? takePledge(tx, who, orderId) : ZERO_SATS;
    },
    dropPledge,
    reservedFor,

    /** The work has its price: returns what of it the pool paid. What was set aside beyond it is back in the pool. */
    settle: (tx: Tx, order: Order, priceSats: Sats, request: string): Promise<Sats> =>
      settle(tx, order, priceSats, hmacOf(request)),
    /** The work failed: all that was set aside is back in the pool. */
    release: async (tx: Tx, order: Order): Promise<void> => void (await settle(tx, order, ZERO_SATS, "")),

    /** The pool's share of what a visitor was really charged for work. */
    creditOf: (chargedSats: Sats): Sats => sats((chargedSats * BigInt(settings.creditPct)) / 100n),
    usedToday: (tx: Tx, pubkey: string) => usedToday(tx, pubkey),
  };
}
export type PoolService = ReturnType<typeof poolService>;
