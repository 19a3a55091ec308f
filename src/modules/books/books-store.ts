import { z } from "zod";
import type { Database, Tx } from "~/db/client";
import { type ProofTerms, type Reading, unexplainedMsat } from "./books";

/** Keeps one proof, every term as decimal text of msat. */
export async function keepReading(db: Database, terms: ProofTerms, ok: boolean): Promise<void> {
  const asText = Object.fromEntries(
    Object.entries(terms).map(([name, value]) => [name, typeof value === "bigint" ? value.toString() : value]),
  );
  await db.prisma.booksReading.create({ data: { ok, offMsat: unexplainedMsat(terms), terms: asText } });
}

/** Newest first. */
export async function newestReadings(db: Database, limit: number): Promise<Reading[]> {
  return db.prisma.booksReading.findMany({
    orderBy: { id: "desc" },
    take: limit,
    select: { takenAt: true, ok: true, offMsat: true },
  });
}

/** Msat are numbers here: as the page of the operator has them. */
export type FullReading = Reading & { terms: z.infer<typeof KeptTerms> };
const KeptMsat = z.union([z.string(), z.int()]).transform(Number).pipe(z.int());
const KeptTerms = z.object({
  walletMsat: KeptMsat,
  ledgerMsat: KeptMsat,
  settledUnbookedMsat: KeptMsat,
  sentUnbookedMsat: KeptMsat,
  reservedMsat: KeptMsat,
  faults: z.array(z.string()),
});

/** The newest, with every term. */
export async function newestReading(db: Database): Promise<FullReading | null> {
  const row = await db.prisma.booksReading.findFirst({ orderBy: { id: "desc" } });
  return row && { takenAt: row.takenAt, ok: row.ok, offMsat: row.offMsat, terms: KeptTerms.parse(row.terms) };
}

/** Readings prove nothing after a while. */
export async function deleteReadingsBefore(db: Database, before: Date): Promise<void> {
  await db.prisma.booksReading.deleteMany({ where: { takenAt: { lt: before } } });
}

const OPENED = "booksOpened";

/** True for the one caller who opens the books. */
export async function claimOpening(tx: Tx, walletMsat: bigint): Promise<boolean> {
  const made = await tx.installationFact.createMany({
    data: [{ name: OPENED, value: { walletMsat: walletMsat.toString() } }],
    skipDuplicates: true,
  });
  return made.count === 1;
}

/** Whether the books were begun, which happens once. */
export async function isOpened(db: Database): Promise<boolean> {
  return (await db.prisma.installationFact.findUnique({ where: { name: OPENED }, select: { name: true } })) !== null;
}

/** One withdrawal after another: two that both held the transfers still would each wait for the other to let go. */
export async function lockWithdrawals(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('operator-withdrawals', 0))`;
}
