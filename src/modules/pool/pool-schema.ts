import { z } from "zod";
import { SatsOnWire } from "~/modules/orders/order-schema";

const Day = z.iso.date().meta({ description: "A UTC day", example: "2026-11-22" });

const MOST_DAYS = 90;
export const PoolDays = z.object({
  days: z.coerce.number().int().min(1).max(MOST_DAYS).default(30).meta({ description: "How far back, today included" }),
});

/** What flowed on one day. `balanceSats`: what the pool held at its end, set aside or not. */
const PoolDay = z.object({
  day: Day,
  creditedSats: SatsOnWire.meta({ description: "Shares of paid work" }),
  committedSats: SatsOnWire.meta({ description: "Put in by the operator" }),
  grantedSats: SatsOnWire.meta({ description: "Paid for visitors' work" }),
  balanceSats: SatsOnWire.meta({ description: "What it held at the end of the day, what was set aside included" }),
});
export type PoolDay = z.infer<typeof PoolDay>;

export const PoolReport = z.object({
  balanceSats: SatsOnWire.meta({ description: "What the pool may still give" }),
  reservedSats: SatsOnWire.meta({ description: "Set aside for work that is under way" }),
  creditPct: z.number().meta({ description: "The share of paid work that flows in, in percent", example: 10 }),
  days: z.array(PoolDay).meta({ description: "The oldest first, each day there" }),
});
export type PoolReport = z.infer<typeof PoolReport>;

export const GrantsPage = z.object({
  cursor: z
    .string()
    .regex(/^\d{1,18}$/)
    .optional()
    .meta({ description: "`nextCursor` of the page before" }),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});

/** The public log: what was given on which day. To whom and for what is nobody's business. */
export const PoolGrants = z.object({
  grants: z.array(z.object({ day: Day, amountSats: SatsOnWire })),
  nextCursor: z.string().nullable().meta({ description: "Of the next page; null on the last one" }),
});
export type PoolGrants = z.infer<typeof PoolGrants>;
