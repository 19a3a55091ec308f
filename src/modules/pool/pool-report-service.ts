import type { Database } from "~/db/client";
import { reportOf } from "./pool-report";
import { readGrants, readPool } from "./pool-report-store";
import type { PoolGrants, PoolReport } from "./pool-schema";

/** Anybody may ask as often as they like: the database is asked no more often than that for the same days. */
const KEPT_MS = 3_000;

/** What everybody may know of the pool. */
export function poolReportService({ db, creditPct }: { db: Database; creditPct: number }) {
  const kept = new Map<number, Promise<PoolReport>>();

  async function read(days: number): Promise<PoolReport> {
    const { today, free_sats: balance, reserved_msat: reserved, flows } = await readPool(db, days);
    const reservedSats = Number(reserved / 1000n);
    const balanceSats = Number(balance);
    return { balanceSats, reservedSats, creditPct, days: reportOf(today, days, flows, balanceSats + reservedSats) };
  }

  return {
    report(days: number): Promise<PoolReport> {
      const before = kept.get(days);
      if (before) return before;
      const reading = read(days);
      kept.set(days, reading);
      const forget = () => kept.delete(days);
      reading.then(() => setTimeout(forget, KEPT_MS).unref(), forget);
      return reading;
    },

    async grants({ cursor, limit }: { cursor?: string | undefined; limit: number }): Promise<PoolGrants> {
      const rows = await readGrants(db, cursor ?? null, limit + 1);
      const shown = rows.slice(0, limit);
      return {
        grants: shown.map(({ day, sats }) => ({ day, amountSats: Number(sats) })),
        nextCursor: rows.length > shown.length ? (shown.at(-1)?.id ?? null) : null,
      };
    },
  };
}
export type PoolReportService = ReturnType<typeof poolReportService>;
