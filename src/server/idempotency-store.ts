import type { Database } from "~/db/client";
import { sqlState, type Tx } from "~/db/client";

/** An answer as it is kept: encrypted by whoever keeps it. */
export type KeptAnswer = { bodyHash: string; status: number; answer: Uint8Array };

/** A parallel request with the same key was first: this transaction must not stand. */
export class TwinWasFirst extends Error {
  constructor() {
    super("the Idempotency-Key was answered in the meantime");
    this.name = "TwinWasFirst";
  }
}

export type IdempotencyStore = {
  find(scope: string): Promise<KeptAnswer | null>;
  /** Within the transaction that makes what the answer tells of. Throws `TwinWasFirst` if the scope has an answer. */
  insert(tx: Tx, scope: string, kept: KeptAnswer): Promise<void>;
  /** Null if this answer was kept; the one that the scope has already otherwise. */
  keepUnlessKept(scope: string, kept: KeptAnswer): Promise<KeptAnswer | null>;
  /** How many were deleted. */
  deleteBefore(instant: Date): Promise<number>;
};

const UNIQUE_VIOLATION = "23505";

/** Kept answers, each under the scope of its key: who called what with which key. */
export function idempotencyStore({ prisma }: Pick<Database, "prisma">): IdempotencyStore {
  const bytes = (answer: Uint8Array) => new Uint8Array(answer);
  const find = async (scope: string) =>
    prisma.idempotencyRecord.findUnique({ where: { scope }, select: { bodyHash: true, status: true, answer: true } });

  return {
    find,
    async insert(tx, scope, { bodyHash, status, answer }) {
      try {
        await tx.$executeRaw`insert into idempotency_record (scope, body_hash, status, answer)
          values (${scope}, ${bodyHash}, ${status}, ${bytes(answer)})`;
      } catch (error) {
        throw sqlState(error) === UNIQUE_VIOLATION ? new TwinWasFirst() : error;
      }
    },
    async keepUnlessKept(scope, { bodyHash, status, answer }) {
      const kept = await prisma.$executeRaw`insert into idempotency_record (scope, body_hash, status, answer)
        values (${scope}, ${bodyHash}, ${status}, ${bytes(answer)}) on conflict (scope) do nothing`;
      return kept === 1 ? null : find(scope);
    },
    async deleteBefore(instant) {
      const { count } = await prisma.idempotencyRecord.deleteMany({ where: { createdAt: { lt: instant } } });
      return count;
    },
  };
}
