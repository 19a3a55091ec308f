/** A list that this browser keeps, the same in all of its tabs. Only for the browser. */
export type KeptList<T> = {
  /** The same array as long as nothing changed, as React wants it. */
  all(): readonly T[];
  save(entries: readonly T[]): void;
  /** Calls when it changes, here or in another tab. Returns what stops that. */
  watch(listener: () => void): () => void;
};

/** `readEntry` turns what was kept into an entry, or null if it is not one. */
export function keptList<T>(key: string, readEntry: (given: unknown) => T | null): KeptList<T> {
  const none: readonly T[] = [];
  const listeners = new Set<() => void>();
  let cached: { text: string | null; entries: readonly T[] } = { text: null, entries: none };
  /** What stands in for the browser's storage where that is forbidden: it lasts as long as the page. */
  let unkept: string | null = null;

  function load(): string | null {
    try {
      return window.localStorage.getItem(key) ?? unkept;
    } catch {
      return unkept;
    }
  }

  /** Entry by entry, so that a corrupt one does not take the others' keys with it. */
  function parse(text: string | null): readonly T[] {
    if (text === null) return none;
    try {
      const entries: unknown = JSON.parse(text);
      if (!Array.isArray(entries)) return none;
      return entries.flatMap((entry: unknown) => {
        const read = readEntry(entry);
        return read === null ? [] : [read];
      });
    } catch {
      return none;
    }
  }

  return {
    all() {
      const text = load();
      if (text !== cached.text) cached = { text, entries: parse(text) };
      return cached.entries;
    },
    save(entries) {
      const text = JSON.stringify(entries);
      try {
        window.localStorage.setItem(key, text);
      } catch {
        unkept = text;
      }
      for (const listener of listeners) listener();
    },
    watch(listener) {
      listeners.add(listener);
      window.addEventListener("storage", listener);
      return () => {
        listeners.delete(listener);
        window.removeEventListener("storage", listener);
      };
    },
  };
}
