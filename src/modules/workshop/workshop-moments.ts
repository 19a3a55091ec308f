import { z } from "zod";
import { aboutSats, type Moment } from "./workshop";
import { MomentOnWire } from "./workshop-schema";

/** What processes tell each other. Empty: only that something in the database is new. */
const Bulletin = z.object({
  moments: z.array(MomentOnWire).optional(),
  replied: z.literal(true).optional(),
});
export type Bulletin = z.infer<typeof Bulletin>;

/** Null for what no process of this version has sent. */
export function readBulletin(payload: string): Bulletin | null {
  try {
    return Bulletin.safeParse(JSON.parse(payload)).data ?? null;
  } catch {
    return null;
  }
}

const GATHER_MS = 100;

/**
 * Tells everybody what has happened, a few times a second at most. Called once the thing is committed, so that money never
 * waits for a spectacle; what a killed process had not told yet is not shown, and nothing else depends on it.
 */
export function workshopMoments(broadcast: (payload: string) => Promise<void>) {
  let waiting = new Map<Moment, { count: number; sats: bigint }>();
  let replied = false;
  let anything = false;
  let timer: NodeJS.Timeout | undefined;
  let sending: Promise<void> = Promise.resolve();

  function soon(): void {
    anything = true;
    timer ??= setTimeout(() => void flush(), GATHER_MS).unref();
  }

  /** Never fails: who misses it sees how things stand at the next look. */
  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    if (!anything) return sending;
    const moments = [...waiting].map(([type, { count, sats }]) => ({ type, count, aboutSats: aboutSats(sats) }));
    const bulletin: Bulletin = { ...(moments.length > 0 && { moments }), ...(replied && { replied: true as const }) };
    waiting = new Map();
    replied = false;
    anything = false;
    sending = sending.then(() => broadcast(JSON.stringify(bulletin))).catch(() => undefined);
    return sending;
  }

  return {
    happened(moment: Moment, sats: bigint): void {
      const { count, sats: before } = waiting.get(moment) ?? { count: 0, sats: 0n };
      waiting.set(moment, { count: count + 1, sats: before + sats });
      soon();
    },
    replied(): void {
      replied = true;
      soon();
    },
    /** Something that stands in the database is new. */
    look: soon,
    flush,
  };
}
export type WorkshopMoments = ReturnType<typeof workshopMoments>;
