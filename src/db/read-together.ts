import DataLoader from "dataloader";

const MOST_AT_ONCE = 50;

/**
 * Reads requested within one turn of the event loop go to Postgres as one statement, since most of a short statement's
 * cost is its round trip. This is not a cache: every answer is read after it was requested, and none is kept. `read`
 * gives the rows that exist, in any order; one that does not is null.
 */
export function readTogether<Row extends { id: string }>(
  read: (ids: readonly string[]) => Promise<readonly Row[]>,
): (id: string) => Promise<Row | null> {
  const asked = new DataLoader<string, Row | null>(
    async (ids) => {
      const rows = new Map((await read(ids)).map((row) => [row.id, row]));
      return ids.map((id) => rows.get(id) ?? null);
    },
    // Each request is a turn's callback of its own, so its microtasks would be too early; nothing waits for a timer.
    { cache: false, maxBatchSize: MOST_AT_ONCE, batchScheduleFn: (send) => setImmediate(send) },
  );
  return (id) => asked.load(id);
}
