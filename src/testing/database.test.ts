import pg from "pg";
import { afterAll, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "./database";

const open: TestDatabase[] = [];
afterAll(() => Promise.all(open.map((database) => database.drop())));

async function query(url: string, sql: string) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client.query(sql).finally(() => client.end());
}

test("a test's database has every migration and the job queue, and shares nothing with another's", async () => {
  const [one, two] = await Promise.all([testDatabase(), testDatabase()]);
  open.push(one, two);
  await query(one.url, "create table only_here ()");
  const tables = await query(two.url, "select to_regclass('only_here') as mine, to_regclass('job') as job");
  expect(tables.rows).toEqual([{ mine: null, job: "job" }]);
  const queue = await query(two.url, "select count(*)::int as n from graphile_worker.migrations");
  expect(queue.rows[0].n).toBeGreaterThan(0);
});

test("dropping a database ends the connections that are left open", async () => {
  const database = await testDatabase();
  const client = new pg.Client({ connectionString: database.url });
  const ended = new Promise((resolve) => client.on("error", resolve));
  await client.connect();
  await database.drop();
  await ended;
  await expect(query(database.url, "select 1")).rejects.toThrow("does not exist");
});
