import DataLoader from "dataloader";

const MOST_AT_ONCE = 50;

/**
 * What is asked for within one turn of the event loop goes to Postgres as one statement: most of a short statement's
 * cost is its way there and back. It is no cache: every answer was read after it was asked for, and is kept for nobody.
 * `read` gives the rows that exist, in any order; one that does not is null.
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
