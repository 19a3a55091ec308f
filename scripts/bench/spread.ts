/** Several measurements of one thing: what lies in the middle, and how far the others lie from it. */
export type Spread = { readonly median: number; readonly min: number; readonly max: number; readonly count: number };

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((one, other) => one - other);
  return { median: quantile(sorted, 0.5), min: quantile(sorted, 0), max: quantile(sorted, 1), count: sorted.length };
}

/** Nearest rank: the smallest value that at least this part of all values does not exceed. */
export function percentile(values: readonly number[], part: number): number {
  return quantile(
    values.toSorted((one, other) => one - other),
    part,
  );
}

export const median = (values: readonly number[]): number => percentile(values, 0.5);

function quantile(sorted: readonly number[], part: number): number {
  const value = sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)];
  if (value === undefined) throw new Error("nothing was measured");
  return value;
}

/** One round's measurements divided by the same round's: what slowed the machine in that round slowed both. */
export function ratios(of: readonly number[], beside: readonly number[]): number[] {
  if (of.length !== beside.length) throw new Error("rounds cannot be compared one by one");
  return of.map((value, round) => value / (beside[round] ?? Number.NaN));
}
