import type { Database } from "~/db/client";

/** Every row of every table of the database as text, as a back-up has it: bytes in hexadecimal. */
export async function everythingKept({ pool }: Database): Promise<string> {
  const tables = await pool.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
     WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
  );
  const rows: string[] = [];
  for (const { name } of tables.rows) {
    const kept = await pool.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`);
    rows.push(...kept.rows.map(({ row }) => `${name} ${row}`));
  }
  return rows.join("\n");
}
