import { type Listening, listen } from "./listen";

export type WakeUps = {
  /** Wakes its holder whenever the row may have changed, until the signal; to be left at the end. */
  bell(id: string, signal: AbortSignal): Bell;
  healthy(): boolean;
  stop(): Promise<void>;
};
export type Bell = {
  /** Resolves at the next ring, at once where one came while nobody waited; at the signal too. */
  rung(): Promise<void>;
  /** Rings it from here. */
  ring(): void;
  leave(): void;
};

/**
 * Wakes those who watch rows of one kind, by NOTIFY on the channel with a row's id as its payload. Listens from the
 * first watcher on. After a gap everybody is woken, since notifications sent in the meantime are lost.
 */
export function wakeUps(url: string, channel: string): WakeUps {
  const ringers = new Map<string, Set<() => void>>();
  const ring = (id: string) => {
    for (const one of ringers.get(id) ?? []) one();
  };
  const ringAll = () => {
    for (const id of ringers.keys()) ring(id);
  };
  let listening: Listening | null = null;

  return {
    bell(id, signal) {
      listening ??= listen(url, channel, ring, ringAll);
      let rang = false;
      let open: (() => void) | null = null;
      const ringer = () => {
        rang = true;
        open?.();
      };
      signal.addEventListener("abort", ringer, { once: true });
      const beside = ringers.get(id) ?? new Set();
      ringers.set(id, beside.add(ringer));
      return {
        async rung() {
          if (!rang) await new Promise<void>((resolve) => (open = resolve));
          open = null;
          rang = signal.aborted;
        },
        ring: ringer,
        leave() {
          beside.delete(ringer);
          if (beside.size === 0) ringers.delete(id);
        },
      };
    },
    healthy: () => listening?.healthy() ?? false,
    stop: async () => listening?.stop(),
  };
}
