import type pg from "pg";
import { RateLimiterPostgres, RateLimiterRes } from "rate-limiter-flexible";
import { err, ok, type Result } from "~/core/result";

/** Counts one use by a client. Shared by all processes on one database. */
export type RateLimit = (
  clientKey: string,
) => Promise<Result<null, { code: "tooManyRequests"; retryAfterSeconds: number }>>;

/** At most so many uses in a minute, counted from a client's first. `name` keeps limits on one table apart. */
export function rateLimitPerMinute(pool: pg.Pool, name: string, uses: number): RateLimit {
  const limiter = new RateLimiterPostgres({
    storeClient: pool,
    storeType: "pool",
    tableName: "rate_limit",
    tableCreated: true,
    clearExpiredByTimeout: true,
    keyPrefix: name,
    points: uses,
    duration: 60,
  });
  return async (clientKey) => {
    try {
      await limiter.consume(clientKey);
      return ok(null);
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) throw refused;
      return err({ code: "tooManyRequests", retryAfterSeconds: Math.max(1, Math.ceil(refused.msBeforeNext / 1000)) });
    }
  };
}
