import { z } from "zod";
import { NostrEventOnWire } from "~/modules/identity/identity-schema";

/** NIP-07, as far as a login needs it: https://nips.nostr.com/7 */
export type NostrExtension = {
  getPublicKey(): Promise<string>;
  signEvent(event: UnsignedEvent): Promise<unknown>;
};
export type UnsignedEvent = { kind: number; created_at: number; tags: string[][]; content: string };
export type SignedEvent = z.infer<typeof NostrEventOnWire>;

/** `silent`: no answer in time. `refused`: it said no, whatever it said. */
export type ExtensionFailure = "absent" | "refused" | "silent" | "wrongKey";
export type FromExtension<T> = { ok: true; value: T } | { ok: false; failure: ExtensionFailure };

const LOOK_EVERY_MS = 200;
const LOOK_FOR_MS = 5_000;
/** A person reads, unlocks and decides in that. */
const ANSWER_MS = 60_000;
const PublicKey = z.string().regex(/^[0-9a-f]{64}$/);

/** The browser's extension, even if it injects itself late; null when none came. */
export async function findExtension(signal: AbortSignal, forMs = LOOK_FOR_MS): Promise<NostrExtension | null> {
  const until = Date.now() + forMs;
  for (;;) {
    const found = (window as { nostr?: Partial<NostrExtension> }).nostr;
    if (typeof found?.getPublicKey === "function" && typeof found.signEvent === "function") {
      return found as NostrExtension;
    }
    if (Date.now() >= until || signal.aborted) return null;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

export const publicKeyOf = (extension: NostrExtension, signal: AbortSignal): Promise<FromExtension<string>> =>
  answered(() => extension.getPublicKey(), PublicKey, signal);

/** Has the extension sign an event; one signed by another key is refused. */
export async function signedBy(
  extension: NostrExtension,
  pubkey: string,
  event: UnsignedEvent,
  signal: AbortSignal,
): Promise<FromExtension<SignedEvent>> {
  const signed = await answered(() => extension.signEvent(event), NostrEventOnWire, signal);
  return signed.ok && signed.value.pubkey !== pubkey ? { ok: false, failure: "wrongKey" } : signed;
}

async function answered<T>(
  ask: () => Promise<unknown>,
  Shape: z.ZodType<T>,
  signal: AbortSignal,
): Promise<FromExtension<T>> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<"silent">((resolve) => {
    timer = setTimeout(() => resolve("silent"), ANSWER_MS);
    signal.addEventListener("abort", () => resolve("silent"), { once: true });
  });
  try {
    const answer = await Promise.race([ask(), silence]);
    if (answer === "silent") return { ok: false, failure: "silent" };
    const parsed = Shape.safeParse(answer);
    return parsed.success ? { ok: true, value: parsed.data } : { ok: false, failure: "refused" };
  } catch {
    return { ok: false, failure: "refused" };
  } finally {
    clearTimeout(timer);
  }
}
