import pg from "pg";

/**
 * Whether the money in this database is that of another kind of wallet. Whoever starts first notes which kind it is of;
 * one that no sat ever came into may still become another's. Play money and real sats in one set of books could be made
 * into each other.
 */
export async function isOtherMoneys(url: string, kind: "lnbits" | "simulated"): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined); // a lost connection is told by the query that needs it
  await client.connect();
  try {
    await client.query({ ...NOTE, values: [kind] });
    const { rows } = await client.query<{ kind: string }>(NOTED);
    return rows[0]?.kind !== kind;
  } finally {
    await client.end();
  }
}

const NOTE = {
  name: "note-wallet-kind",
  text: `
    INSERT INTO installation_fact (name, value)
    SELECT 'wallet', to_jsonb(CASE WHEN EXISTS (SELECT FROM simulated_invoice WHERE state = 'settled') THEN 'simulated' ELSE $1::text END)
    ON CONFLICT (name) DO UPDATE SET value = to_jsonb($1::text)
    WHERE installation_fact.value <> to_jsonb($1::text) AND NOT EXISTS (SELECT FROM invoice WHERE settled_at IS NOT NULL)`,
} as const;
const NOTED = "SELECT value #>> '{}' AS kind FROM installation_fact WHERE name = 'wallet'";
