/** Everything that explains the wallet's balance, in msat (spec §5). */
export type ProofTerms = {
  /** What the wallet says it holds. */
  walletMsat: bigint;
  /** What the books say it holds. */
  ledgerMsat: bigint;
  /** Paid to us, known to the wallet, not yet booked. */
  settledUnbookedMsat: bigint;
  /** Paid by us, known to the wallet, not yet booked. */
  sentUnbookedMsat: bigint;
  /** Taken off the balance for payouts in flight. */
  reservedMsat: bigint;
  /** Contradictions inside the books themselves. */
  faults: string[];
};

/** The part of the wallet's balance that nothing explains. */
export const unexplainedMsat = (t: ProofTerms): bigint =>
  t.walletMsat - (t.ledgerMsat + t.settledUnbookedMsat - t.sentUnbookedMsat - t.reservedMsat);

/** The proof: everything is explained, to the msat, and the books agree with themselves. */
export const holds = (terms: ProofTerms): boolean => unexplainedMsat(terms) === 0n && terms.faults.length === 0;

export type Reading = { takenAt: Date; ok: boolean; offMsat: bigint };

const READINGS_THAT_COUNT = 3;
const SPAN_MS = 30_000;

/**
 * Wallet and books cannot be read in one instant, so one difference proves nothing: it is an error when three readings
 * over 30 s agree on it. `readings` newest first.
 */
export function provenWrong(readings: readonly Reading[]): boolean {
  const newest = readings[0];
  if (!newest || newest.ok) return false;
  const agreeing: Reading[] = [];
  for (const reading of readings) {
    if (reading.ok || reading.offMsat !== newest.offMsat) break;
    agreeing.push(reading);
  }
  const oldest = agreeing.at(-1);
  return (
    agreeing.length >= READINGS_THAT_COUNT &&
    oldest !== undefined &&
    newest.takenAt.getTime() - oldest.takenAt.getTime() >= SPAN_MS
  );
}
