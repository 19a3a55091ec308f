import { readdir } from "node:fs/promises";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "~/testing/database";
import { migrate } from "./migrate";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

async function query(url: string, sql: string) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client.query(sql).finally(() => client.end());
}

const folders = async () =>
  (await readdir("prisma/migrations", { withFileTypes: true })).filter((entry) => entry.isDirectory());

test("three processes that start at once on a database that is not there yet all find it migrated", async () => {
  const url = new URL(database.url);
  url.pathname = `${url.pathname}_new`;
  const results = await Promise.all([1, 2, 3].map(() => migrate(url.href)));
  expect(results.map(({ applied }) => applied).sort()).toEqual([0, 0, (await folders()).length]);
  const { rows } = await query(
    url.href,
    "select to_regclass('job') as job, to_regnamespace('graphile_worker') as queue",
  );
  expect(rows).toEqual([{ job: "job", queue: "graphile_worker" }]);
});

test("with nothing to do it does nothing", async () => {
  await expect(migrate(database.url)).resolves.toEqual({ applied: 0 });
});

test("a migration that the database has in another wording is told, and nothing is run", async () => {
  await using other = await testDatabase();
  await query(other.url, "update _prisma_migrations set checksum = 'otherwise'");
  await expect(migrate(other.url)).rejects.toThrow("changed after they had been applied");
});

test("a migration that fails says why, in the words of the tool", async () => {
  await using other = await testDatabase();
  await query(other.url, "delete from _prisma_migrations"); // so that it is run on tables that are there
  await expect(migrate(other.url)).rejects.toThrow(/could not be migrated:[\s\S]*already exists/);
});

test("a wrong password is an error, not a new database", async () => {
  const url = new URL(database.url);
  url.password = "wrong";
  await expect(migrate(url.href)).rejects.toThrow("password authentication failed");
});
