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

/** Counts failures alone: whoever failed too often is refused before being looked at. Shared by all processes. */
export type FailureLimit = {
  /** May this client try? */
  allowed: RateLimit;
  failed(clientKey: string): Promise<void>;
};

export function failureLimitPerMinute(pool: pg.Pool, name: string, failures: number): FailureLimit {
  const limiter = limiterOf(pool, name, failures, 60);
  return {
    async allowed(clientKey) {
      const counted = await limiter.get(clientKey);
      if (!counted || counted.consumedPoints < failures) {
        return ok({ remaining: failures - (counted?.consumedPoints ?? 0) });
      }
      return err(tooMany(counted));
    },
    async failed(clientKey) {
      await limiter.consume(clientKey).catch((refused: unknown) => {
        if (!(refused instanceof RateLimiterRes)) throw refused;
      });
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
    try {
      const { remainingPoints } = await limiter.consume(clientKey);
      return ok({ remaining: remainingPoints });
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) throw refused;
      return err(tooMany(refused));
    }
  };
}
