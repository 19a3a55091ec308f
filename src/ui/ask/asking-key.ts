import { randomHex } from "~/core/ids";
import { isObject } from "~/ui/kept/read-json";

const JOB = "timmy.asking";
const LEAST_KEY_CHARACTERS = 22;
type Kept = { request: string; key: string };

/**
 * The Idempotency-Key for asking this. The same text gets the same key until it is answered, even after a reload: a
 * lost answer is fetched, not asked and invoiced a second time.
 */
export function askingKey(request: string, storage: Storage, place = JOB): string {
  const kept = load(storage, place);
  if (kept?.request === request) return kept.key;
  const key = randomHex(16);
  try {
    storage.setItem(place, JSON.stringify({ request, key } satisfies Kept));
  } catch {
    // Without storage a reload starts over: one more unpaid job, which expires by itself.
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

function load(storage: Storage, place: string): Kept | undefined {
  try {
    const kept: unknown = JSON.parse(storage.getItem(place) ?? "null");
    if (!isObject(kept)) return undefined;
    const { request, key } = kept;
    if (typeof request !== "string" || typeof key !== "string" || key.length < LEAST_KEY_CHARACTERS) return undefined;
    return { request, key };
  } catch {
    return undefined;
  }
}
