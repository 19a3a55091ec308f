import { z } from "zod";
import { randomHex } from "~/core/ids";

const JOB = "timmy.asking";
const Kept = z.object({ request: z.string(), key: z.string().min(22) });

/**
 * The Idempotency-Key for asking this. The same text gets the same key until it was answered, also after a reload:
 * a lost answer is fetched, not asked and invoiced a second time.
 */
export function askingKey(request: string, storage: Storage, place = JOB): string {
  const kept = load(storage, place);
  if (kept?.request === request) return kept.key;
  const key = randomHex(16);
  try {
    storage.setItem(place, JSON.stringify({ request, key } satisfies z.infer<typeof Kept>));
  } catch {
    // Without storage a reload begins anew: an unpaid job more, which expires by itself.
  }
  return key;
}

/** The answer is there: asking the same once more is another job. */
export function askingDone(storage: Storage, place = JOB): void {
  try {
    storage.removeItem(place);
  } catch {
    // Then nothing was kept either.
  }
}

function load(storage: Storage, place: string): z.infer<typeof Kept> | undefined {
  try {
    return Kept.safeParse(JSON.parse(storage.getItem(place) ?? "null")).data;
  } catch {
    return undefined;
  }
}
