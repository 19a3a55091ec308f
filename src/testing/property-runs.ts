/**
 * How often a long property is tried: a few times on a developer's machine, often in CI. `PROPERTY_SEED` repeats a run
 * that failed and then looks for the shortest that does, `PROPERTY_RUNS` tries harder.
 */
export function propertyRuns(usual: number, inCi: number): { numRuns: number; endOnFailure: boolean; seed?: number } {
  const { CI, PROPERTY_RUNS, PROPERTY_SEED } = process.env;
  const numRuns = PROPERTY_RUNS ? Number(PROPERTY_RUNS) : CI ? inCi : usual;
  return { numRuns, endOnFailure: !PROPERTY_SEED, ...(PROPERTY_SEED && { seed: Number(PROPERTY_SEED) }) };
}
