import type pg from "pg";

/** `name`: quoted, with its schema. Columns that are computed are none: they compute themselves again. */
export type Table = { name: string; file: string; columns: string[] };

/** What the schema tools keep about it: the target database has its own. */
const BOOKKEEPING = new Set(["public._prisma_migrations", "graphile_worker.migrations"]);

/** Every table of the app and of its queue, each after those that it refers to. */
export async function tablesInOrder(client: pg.ClientBase): Promise<Table[]> {
  const found = await client.query<Table & { id: number }>(
    `SELECT c.oid::int AS id, format('%I.%I', n.nspname, c.relname) AS name,
       lower(n.nspname || '.' || c.relname) || '.copy.gz' AS file,
       array_agg(a.attname::text ORDER BY a.attnum) AS columns
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
     WHERE c.relkind = 'r' AND n.nspname IN ('public', 'graphile_worker')
     GROUP BY c.oid, n.nspname, c.relname ORDER BY 2`,
  );
  const references = await client.query<{ from: number; to: number }>(
    `SELECT conrelid::int AS from, confrelid::int AS to FROM pg_constraint WHERE contype = 'f' AND conrelid <> confrelid`,
  );
  const waiting = found.rows.filter(({ name }) => !BOOKKEEPING.has(name));
  const ordered: Table[] = [];
  while (waiting.length > 0) {
    const open = new Set(waiting.map(({ id }) => id));
    const at = waiting.findIndex(({ id }) => !references.rows.some(({ from, to }) => from === id && open.has(to)));
    const [next] = waiting.splice(at, 1);
    if (at < 0 || !next) throw new Error("tables refer to each other in a circle");
    ordered.push({ name: next.name, file: next.file, columns: next.columns });
  }
  return ordered;
}

export async function migrationsOf(client: pg.ClientBase): Promise<{ name: string; checksum: string }[]> {
  const { rows } = await client.query<{ name: string; checksum: string }>(
    `SELECT migration_name AS name, checksum FROM _prisma_migrations
     WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name`,
  );
  return rows;
}

export const columnList = ({ columns }: Pick<Table, "columns">): string =>
  columns.map((column) => `"${column.replaceAll('"', '""')}"`).join(", ");
