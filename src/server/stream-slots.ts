/** Counts the live connections of this process, and how many of them are one client's. */
export type StreamSlots = {
  /** Null when there is no room. The slot is free again after the returned function was called. */
  take(clientKey: string): (() => void) | null;
  /** How many there are now. */
  taken(): number;
};

/** In memory, since it counts the connections of this process alone. */
export function streamSlots(limits: { perClient: number; perProcess: number }): StreamSlots {
  const byClient = new Map<string, number>();
  let total = 0;
  return {
    taken: () => total,
    take(clientKey) {
      const held = byClient.get(clientKey) ?? 0;
      if (held >= limits.perClient || total >= limits.perProcess) return null;
      byClient.set(clientKey, held + 1);
      total += 1;
      let released = false;
      return () => {
        if (released) return;
        released = true;
        total -= 1;
        const left = (byClient.get(clientKey) ?? 1) - 1;
        if (left > 0) byClient.set(clientKey, left);
        else byClient.delete(clientKey);
      };
    },
  };
}
