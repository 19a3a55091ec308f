import { createHash } from "node:crypto";

/** More texts than the app has: what goes beyond is not prepared again and again, it only loses its memory of names. */
const MOST_KEPT = 1000;

/**
 * Names for prepared statements, the same one for the same text: Postgres then reads and plans it once a connection
 * instead of each time.
 */
export function statementNames(): (query: { sql: string }) => string {
  const names = new Map<string, string>();
  return ({ sql }) => {
    const known = names.get(sql);
    if (known) return known;
    if (names.size >= MOST_KEPT) names.clear();
    const name = `prisma-${createHash("sha256").update(sql).digest("hex").slice(0, 32)}`;
    names.set(sql, name);
    return name;
  };
}
