import pg from "pg";

/** What a database that money came into was begun with: a start that differs would get its money or its tokens wrong. */
export type InstallationFacts = {
  /** Play money and real sats in one set of books could be made into each other. */
  wallet: "lnbits" | "simulated";
  /** Names the secret without telling it. With another secret no refund token is valid. */
  tokenSecret: string;
};

/**
 * The facts in which the database differs. Whoever starts first notes them, and they may still change until the first
 * sat comes in. A fact in `replaced` is changed whatever it was.
 */
export async function differingFacts(
  url: string,
  facts: InstallationFacts,
  replaced: ReadonlyArray<keyof InstallationFacts> = [],
): Promise<(keyof InstallationFacts)[]> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined); // a lost connection is told by the query that needs it
  await client.connect();
  try {
    const differing: (keyof InstallationFacts)[] = [];
    for (const name of ["wallet", "tokenSecret"] as const) {
      await client.query({ ...NOTE, values: [name, facts[name], replaced.includes(name)] });
      const { rows } = await client.query<{ value: string }>({ ...NOTED, values: [name] });
      if (rows[0]?.value !== facts[name]) differing.push(name);
    }
    return differing;
  } finally {
    await client.end();
  }
}

/** One from before this was noted is known by the play money in it. */
const NOTE = {
  name: "note-installation-fact",
  text: `
    INSERT INTO installation_fact (name, value)
    SELECT $1, to_jsonb(CASE
      WHEN $1 = 'wallet' AND EXISTS (SELECT FROM simulated_invoice WHERE state = 'settled') THEN 'simulated'
      ELSE $2::text END)
    ON CONFLICT (name) DO UPDATE SET value = to_jsonb($2::text)
    WHERE installation_fact.value <> to_jsonb($2::text)
      AND ($3 OR NOT EXISTS (SELECT FROM invoice WHERE settled_at IS NOT NULL))`,
} as const;
const NOTED = {
  name: "noted-installation-fact",
  text: "SELECT value #>> '{}' AS value FROM installation_fact WHERE name = $1",
} as const;
