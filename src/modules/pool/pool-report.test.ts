import { expect, test } from "vitest";
import { type PoolFlow, reportOf } from "./pool-report";

const flow = (day: string, from: PoolFlow["from"], sats: number): PoolFlow => ({
  day,
  from,
  msat: BigInt(sats) * 1000n,
});

test("each day is there, over the end of a month too, and its balance follows from the flows after it", () => {
  const flows = [
    flow("2026-11-30", "pool_commitment", 10_000),
    flow("2026-12-01", "revenue", 30),
    flow("2026-12-02", "revenue", 5),
    flow("2026-12-02", "pool_reserved", 35),
  ];
  expect(reportOf("2026-12-02", 4, flows, 10_000)).toEqual([
    { day: "2026-11-29", creditedSats: 0, committedSats: 0, grantedSats: 0, balanceSats: 0 },
    { day: "2026-11-30", creditedSats: 0, committedSats: 10_000, grantedSats: 0, balanceSats: 10_000 },
    { day: "2026-12-01", creditedSats: 30, committedSats: 0, grantedSats: 0, balanceSats: 10_030 },
    { day: "2026-12-02", creditedSats: 5, committedSats: 0, grantedSats: 35, balanceSats: 10_000 },
  ]);
});
