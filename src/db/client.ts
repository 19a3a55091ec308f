import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { errorChain } from "~/core/error-chain";
import { Prisma, PrismaClient } from "./generated/client";
import { statementNames } from "./statement-names";

export type Tx = Prisma.TransactionClient;
/** Runs the work in one transaction. It may run more than once: nothing outside the database belongs in it. */
export type InTx = <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;

export type Database = {
  prisma: PrismaClient;
  /** The same connections, for statements that are hot enough to be prepared. */
  pool: pg.Pool;
  url: string;
  inTx: InTx;
  close(): Promise<void>;
};

const RETRIES = 5;

/**
 * Opens one pool of connections, shared by Prisma and prepared statements. `poolSize`: the most connections at once.
 */
export function openDatabase(url: string, options: { poolSize?: number } = {}): Database {
  const pool = openPool(url, options.poolSize ?? 12, "timmy");
  const adapter = new PrismaPg(pool, { disposeExternalPool: false, statementNameGenerator: statementNames() });
  const prisma = new PrismaClient({ adapter });

  const inTx: InTx = async (work) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        let committed: Tx | undefined;
        const done = await prisma.$transaction(
          (tx) => {
            committed = tx;
            return work(tx);
          },
          { maxWait: 10_000, timeout: 20_000 },
        );
        for (const run of (committed && hooks.get(committed)) ?? []) run();
        return done;
      } catch (error) {
        if (attempt >= RETRIES || !isConflict(error)) throw error;
      }
    }
  };

  return {
    prisma,
    pool,
    url,
    inTx,
    async close() {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}

const hooks = new WeakMap<Tx, (() => void)[]>();

/**
 * Runs once this transaction has committed, and never if it does not. Lost if the process dies, so only for what may
 * be lost.
 */
export function afterCommit(tx: Tx, run: () => void): void {
  const list = hooks.get(tx) ?? [];
  hooks.set(tx, list);
  list.push(run);
}

/** A pool that outlives its connections: one that breaks is replaced, and its error ends no process. */
export function openPool(
  url: string,
  max: number,
  applicationName: string,
  session: { syncCommits: boolean } = { syncCommits: true },
): pg.Pool {
  const options = session.syncCommits ? {} : { options: "-c synchronous_commit=off" };
  const pool = new pg.Pool({ connectionString: url, max, application_name: applicationName, ...options });
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  return pool;
}

/**
 * The database undid the transaction, and trying again is worth it: after a deadlock, a serialization failure, or where
 * the ledger refused to overdraw an account (LE003): somebody else emptied it after it was looked at.
 */
function isConflict(error: unknown): boolean {
  if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2034") return true;
  return ["40001", "40P01", "LE003"].includes(sqlState(error) ?? "");
}

/** The SQLSTATE of a database error, through Prisma's wrapping or bare; undefined when it is none. */
export function sqlState(error: unknown): string | undefined {
  for (const { code, originalCode } of errorChain(error)) {
    if (typeof originalCode === "string") return originalCode;
    // Prisma's own codes (P2034) have the form of a SQLSTATE.
    if (typeof code === "string" && /^[0-9A-Z]{5}$/.test(code) && !/^P\d{4}$/.test(code)) return code;
  }
  return undefined;
}
