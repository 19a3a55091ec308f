import type pg from "pg";
import { RateLimiterPostgres, RateLimiterRes } from "rate-limiter-flexible";
import { err, ok, type Result } from "~/core/result";

/** Counts one use by a client, and says how many are left. Shared by all processes on one database. */
export type RateLimit = (
  clientKey: string,
) => Promise<Result<{ remaining: number }, { code: "tooManyRequests"; retryAfterSeconds: number }>>;

/** At most so many uses in a minute, counted from a client's first. `name` keeps limits on one table apart. */
export const rateLimitPerMinute = (pool: pg.Pool, name: string, uses: number): RateLimit =>
  rateLimit(pool, name, uses, 60);
/** The same for an hour. */
export const rateLimitPerHour = (pool: pg.Pool, name: string, uses: number): RateLimit =>
  rateLimit(pool, name, uses, 3600);

/**
 * Counts, and says how it stands, also where that is too much. A count that would last longer than any does was begun
 * by a clock which was ahead and has been put back since: it would not end before its time comes again, so it starts
 * over.
 */
export async function countIn(limiter: RateLimiterPostgres, key: string, uses = 1): Promise<RateLimiterRes> {
  const count = () =>
    limiter.consume(key, uses).catch((refused: unknown) => {
      if (refused instanceof RateLimiterRes) return refused;
      throw refused;
    });
  const counted = await count();
  if (!isOfAnotherTime(counted, limiter)) return counted;
  await limiter.delete(key);
  return count();
}

/** Clocks of two processes differ by less than that. */
const isOfAnotherTime = ({ msBeforeNext }: RateLimiterRes, { duration }: RateLimiterPostgres): boolean =>
  msBeforeNext > 2 * duration * 1000;

/** Counts failures alone: whoever failed too often is refused before being looked at. Shared by all processes. */
export type FailureLimit = {
  /** May this client try? */
  allowed: RateLimit;
  failed(clientKey: string): Promise<void>;
};

/** At most so many failures in a minute, counted from a client's first. */
export function failureLimitPerMinute(pool: pg.Pool, name: string, failures: number): FailureLimit {
  const limiter = limiterOf(pool, name, failures, 60);
  return {
    async allowed(clientKey) {
      const kept = await limiter.get(clientKey);
      const counted = kept && !isOfAnotherTime(kept, limiter) ? kept : null;
      if (!counted || counted.consumedPoints < failures) {
        return ok({ remaining: failures - (counted?.consumedPoints ?? 0) });
      }
      return err(tooMany(counted));
    },
    async failed(clientKey) {
      await countIn(limiter, clientKey);
    },
  };
}

function limiterOf(pool: pg.Pool, name: string, uses: number, seconds: number): RateLimiterPostgres {
  return new RateLimiterPostgres({
    storeClient: pool,
    storeType: "pool",
    tableName: "rate_limit",
    tableCreated: true,
    clearExpiredByTimeout: true,
    keyPrefix: name,
    points: uses,
    duration: seconds,
  });
}

const tooMany = (counted: RateLimiterRes) => ({
  code: "tooManyRequests" as const,
  retryAfterSeconds: Math.max(1, Math.ceil(counted.msBeforeNext / 1000)),
});

function rateLimit(pool: pg.Pool, name: string, uses: number, seconds: number): RateLimit {
  const limiter = limiterOf(pool, name, uses, seconds);
  return async (clientKey) => {
    const counted = await countIn(limiter, clientKey);
    return counted.consumedPoints <= uses ? ok({ remaining: counted.remainingPoints }) : err(tooMany(counted));
  };
}
