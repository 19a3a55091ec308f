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
export const rateLimitPerHour = (pool: pg.Pool, name: string, uses: number): RateLimit =>
  rateLimit(pool, name, uses, 3600);

function rateLimit(pool: pg.Pool, name: string, uses: number, seconds: number): RateLimit {
  const limiter = new RateLimiterPostgres({
    storeClient: pool,
    storeType: "pool",
    tableName: "rate_limit",
    tableCreated: true,
    clearExpiredByTimeout: true,
    keyPrefix: name,
    points: uses,
    duration: seconds,
  });
  return async (clientKey) => {
    try {
      const { remainingPoints } = await limiter.consume(clientKey);
      return ok({ remaining: remainingPoints });
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) throw refused;
      return err({ code: "tooManyRequests", retryAfterSeconds: Math.max(1, Math.ceil(refused.msBeforeNext / 1000)) });
    }
  };
}
