import type pg from "pg";
import type { Database } from "~/db/client";
import * as real from "~/db/client";
import { caller } from "../caller";
import { inName } from "../commits";

export const { afterCommit, sqlState } = real;

/** The real database; what is written through it is named after the function that writes. */
export function openDatabase(url: string, options: { poolSize?: number } = {}): Database {
  const db = real.openDatabase(url, options);
  nameQueries(db.pool);
  return { ...db, prisma: named(db.prisma), inTx: (work) => byCaller(() => db.inTx(work)) };
}

export function openPool(...parts: Parameters<typeof real.openPool>): pg.Pool {
  const pool = real.openPool(...parts);
  nameQueries(pool);
  return pool;
}

function byCaller<T>(work: () => T): T {
  const name = caller();
  return name === null ? work() : inName(name, work);
}

function nameQueries(pool: pg.Pool): void {
  const query = pool.query.bind(pool) as (...args: unknown[]) => unknown;
  pool.query = ((...args: unknown[]) => byCaller(() => query(...args))) as typeof pool.query;
}

/** Prisma's calls begin when they are first waited for: here at once, so that they run under the caller's name. */
function named<T extends object>(target: T): T {
  return new Proxy(target, {
    get(_, key) {
      const value: unknown = Reflect.get(target, key);
      if (typeof value === "object" && value !== null && !String(key).startsWith("_")) return named(value);
      if (typeof value !== "function") return value;
      return (...args: unknown[]) =>
        byCaller(() => {
          const result: unknown = value.apply(target, args);
          return isThenable(result) ? result.then((answer) => answer) : result;
        });
    },
  });
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
