/** What flowed through the pool, in msat: its accounts hold whole sats, so that nothing is lost in between. */
export type PoolFlow = { day: string; from: "revenue" | "pool_commitment" | "pool_reserved"; msat: bigint };
export type DayReport = {
  day: string;
  creditedSats: number;
  committedSats: number;
  grantedSats: number;
  /** At the end of the day. */
  balanceSats: number;
};

const MS_A_DAY = 86_400_000;

/** The last `days` up to `today`, the oldest first; each balance computed backwards from the present one. */
export function reportOf(today: string, days: number, flows: readonly PoolFlow[], nowSats: number): DayReport[] {
  const report: DayReport[] = [];
  let balanceSats = nowSats;
  for (let back = 0; back < days; back += 1) {
    const day = dayBefore(today, back);
    const [creditedSats, committedSats, grantedSats] = (["revenue", "pool_commitment", "pool_reserved"] as const).map(
      (from) => satsOf(flows, day, from),
    ) as [number, number, number];
    report.unshift({ day, creditedSats, committedSats, grantedSats, balanceSats });
    balanceSats -= creditedSats + committedSats - grantedSats;
  }
  return report;
}

const satsOf = (flows: readonly PoolFlow[], day: string, from: PoolFlow["from"]): number =>
  Number(
    flows.filter((flow) => flow.day === day && flow.from === from).reduce((sum, { msat }) => sum + msat, 0n) / 1000n,
  );

const dayBefore = (day: string, back: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) - back * MS_A_DAY).toISOString().slice(0, 10);
