/**
 * Keys that links brought for orders whose key this browser has already. A link never takes a key's place by itself: a
 * wrong one would lock its reader out. It may once the server has refused the key that is kept. Forgotten with the page.
 */
const spares = new Map<string, string>();
const listeners = new Set<() => void>();

export const spareKeyOf = (orderId: string): string | null => spares.get(orderId) ?? null;

export function setSpareKey(orderId: string, key: string): void {
  spares.set(orderId, key);
  for (const listener of listeners) listener();
}

/** The spare, where it is another than the key that was refused; it is no spare any more then. */
export function takeSpareKey(orderId: string, refused: string): string | null {
  const spare = spareKeyOf(orderId);
  spares.delete(orderId);
  return spare === refused ? null : spare;
}

export function watchSpareKeys(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
