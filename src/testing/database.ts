import { randomUUID } from "node:crypto";
import pg from "pg";
import { inject } from "vitest";

export type TestDatabase = {
  readonly url: string;
  /** Ends every connection to it and removes it. */
  drop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

/** A fresh, migrated database on a real Postgres, for one test file or one test. */
export async function testDatabase(): Promise<TestDatabase> {
  const template = new URL(inject("templateUrl"));
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  const templateName = pg.escapeIdentifier(template.pathname.slice(1));
  // File copy: no write-ahead log of the copy, which no test needs to survive a crash.
  await administer(`create database ${name} template ${templateName} strategy file_copy`);
  const url = new URL(template);
  url.pathname = `/${name}`;
  const drop = () => administer(`drop database if exists ${name} with (force)`);
  return { url: url.href, drop, [Symbol.asyncDispose]: drop };
}

async function administer(statement: string): Promise<void> {
  const server = new URL(inject("templateUrl"));
  server.pathname = "/postgres";
  const client = new pg.Client({ connectionString: server.href });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}
