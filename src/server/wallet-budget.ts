import type pg from "pg";
import { RateLimiterPostgres } from "rate-limiter-flexible";
import { err, ok, type Result } from "~/core/result";
import type { LightningWallet, WalletFailure } from "~/ports/lightning-wallet";
import { countIn } from "./rate-limit";

/** Which part of the budget a kind of call may use up: payouts all of it, the sweep of open invoices the least. */
const SHARES = { payout: 1, order: 0.95, watched: 0.85, sweep: 0.6 } as const;
type Priority = keyof typeof SHARES;

/** A list call covers so many invoices. */
const INVOICES_PER_CALL = 60;
const KEY = "all";
const MINUTE_SECONDS = 60;

/**
 * A wallet that is called at most so many times a minute, counted in the database for all processes together. Above
 * its share a call is answered "busy", which every caller takes as "later".
 */
export function withinBudget(wallet: LightningWallet, pool: pg.Pool, callsPerMinute: number): LightningWallet {
  const limiter = new RateLimiterPostgres({
    storeClient: pool,
    storeType: "pool",
    tableName: "rate_limit",
    tableCreated: true,
    clearExpiredByTimeout: true,
    keyPrefix: "wallet",
    points: callsPerMinute,
    duration: MINUTE_SECONDS,
  });

  async function permit(priority: Priority, calls: number): Promise<Result<null, WalletFailure>> {
    const counted = await countIn(limiter, KEY, calls);
    if (counted.consumedPoints <= callsPerMinute * SHARES[priority]) return ok(null);
    await limiter.reward(KEY, calls);
    const retryAfterSeconds = Math.max(1, Math.ceil(counted.msBeforeNext / 1000));
    return err({ code: "walletBusy", detail: "our own budget of calls (WALLET_CALLS_PER_MINUTE)", retryAfterSeconds });
  }

  async function ask<T>(
    priority: Priority,
    question: () => Promise<Result<T, WalletFailure>>,
    calls = 1,
  ): Promise<Result<T, WalletFailure>> {
    const permitted = await permit(priority, calls);
    return permitted.ok ? question() : permitted;
  }

  return {
    kind: wallet.kind,
    createInvoice: (invoice) => ask("order", () => wallet.createInvoice(invoice)),
    lookUpInvoice: (hash) => ask("watched", () => wallet.lookUpInvoice(hash)),
    lookUpInvoices: (invoices) =>
      invoices.length === 0
        ? Promise.resolve(ok(new Map()))
        : ask("sweep", () => wallet.lookUpInvoices(invoices), Math.ceil(invoices.length / INVOICES_PER_CALL)),
    async pay(payment) {
      const permitted = await permit("payout", 1);
      return permitted.ok ? wallet.pay(payment) : { outcome: "notSent", reason: permitted.error.detail };
    },
    lookUpPayment: (hash) => ask("payout", () => wallet.lookUpPayment(hash)),
    balance: () => ask("watched", () => wallet.balance()),
    followSettlements: (hint) => wallet.followSettlements(hint),
  };
}
