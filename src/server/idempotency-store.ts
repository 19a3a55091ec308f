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
  /** Keeps the answer unless the scope has one. Either way: the one that it has. */
  keep(scope: string, kept: KeptAnswer): Promise<KeptAnswer>;
  /** How many were deleted. */
  deleteBefore(instant: Date): Promise<number>;
};

const UNIQUE_VIOLATION = "23505";

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
    async keep(scope, kept) {
      const { bodyHash, status, answer } = kept;
      await prisma.$executeRaw`insert into idempotency_record (scope, body_hash, status, answer)
        values (${scope}, ${bodyHash}, ${status}, ${bytes(answer)}) on conflict (scope) do nothing`;
      return (await find(scope)) ?? kept; // gone again only if it was deleted for its age
    },
    async deleteBefore(instant) {
      const { count } = await prisma.idempotencyRecord.deleteMany({ where: { createdAt: { lt: instant } } });
      return count;
    },
  };
}
