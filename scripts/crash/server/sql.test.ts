import { expect, test } from "vitest";
import { classify, writersAmong } from "./sql";

const WRITERS = new Set(["ledger_post", "add_job"]);

test.each([
  ["INSERT INTO job (id) VALUES ($1)", ["job"]],
  ['INSERT INTO "public"."job_event" ("seq") VALUES ($1)', ["job_event"]],
  ["UPDATE ONLY invoice SET state = $1", ["invoice"]],
  ["DELETE FROM graphile_worker._private_jobs WHERE id = $1", ["_private_jobs"]],
  ["WITH n AS (UPDATE job SET a = 1 RETURNING id) INSERT INTO job_event SELECT id FROM n", ["job", "job_event"]],
  ["SELECT ledger_post($1, $2)", ["ledger_post"]],
  ["select graphile_worker.add_job($1)", ["add_job"]],
  ["INSERT INTO a VALUES (1) ON CONFLICT (id) DO UPDATE SET b = 2", ["a"]],
  ["CREATE TABLE a (id int)", ["schema"]],
])("%s writes to %j", (text, targets) => {
  expect(classify(text, WRITERS)).toEqual({ kind: "write", targets });
});

test.each([
  "SELECT 1 FROM job WHERE id = $1 FOR UPDATE",
  "SELECT id FROM a FOR NO KEY UPDATE SKIP LOCKED",
  "SELECT 'delete from a' AS text",
  "SELECT coalesce(max(id), 0) FROM job",
  "LISTEN job",
])("%s reads", (text) => {
  expect(classify(text, WRITERS)).toEqual({ kind: "read" });
});

test.each([
  ["BEGIN", "begin"],
  ["begin isolation level serializable", "begin"],
  ["COMMIT", "commit"],
  ["ROLLBACK", "rollback"],
  ["ROLLBACK TO SAVEPOINT a", "read"],
] as const)("%s is %s", (text, kind) => {
  expect(classify(text, WRITERS)).toEqual({ kind });
});

test("a function writes that writes by itself or calls one that does; one that locks does not", () => {
  const functions = [
    { name: "outer", body: "BEGIN PERFORM inner_one($1); END" },
    { name: "inner_one", body: "BEGIN UPDATE job SET a = 1; END" },
    { name: "holds", body: "BEGIN PERFORM 1 FROM job FOR UPDATE; END" },
  ];
  expect(writersAmong(functions)).toEqual(new Set(["inner_one", "outer"]));
});
