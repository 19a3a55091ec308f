import type { Database } from "~/db/client";

/** What proves a key and is good once, across all processes. */
export type UsedProofs = {
  /** True for whoever is the first to use it. */
  use(proof: string, expiresAt: Date): Promise<boolean>;
  /** Forgets what expired before. */
  forget(before: Date): Promise<void>;
};

/** The one table of proofs that were used: inserting is using, and the primary key lets one through. */
export const usedProofs = ({ prisma }: Pick<Database, "prisma">): UsedProofs => ({
  async use(proof, expiresAt) {
    const first = await prisma.$executeRaw`INSERT INTO used_proof (proof, expires_at) VALUES (${proof}, ${expiresAt})
      ON CONFLICT (proof) DO NOTHING`;
    return first === 1;
  },
  async forget(before) {
    await prisma.usedProof.deleteMany({ where: { expiresAt: { lt: before } } });
  },
});
