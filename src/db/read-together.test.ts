import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { readTogether } from "./read-together";

type Row = { id: string; value: number };

/** A table of one row, and what was asked of it. Statements are answered when the test says so. */
function table() {
  const statements: { ids: readonly string[]; answer(): void; fail(): void }[] = [];
  const state = { value: 1 };
  const read = readTogether(
    (ids) =>
      new Promise<Row[]>((resolve, reject) => {
        const rows = ids.includes("a") ? [{ id: "a", value: state.value }] : [];
        statements.push({ ids, answer: () => resolve(rows), fail: () => reject(new Error("gone")) });
      }),
  );
  return { read, statements, state };
}

test("what is asked in one turn is one statement, each answer its own", async () => {
  const { read, statements } = table();
  const answers = Promise.all(["b", "a", "c", "a"].map(read));
  await turn();
  expect(statements).toHaveLength(1);
  expect(new Set(statements[0]?.ids)).toEqual(new Set(["a", "b", "c"]));
  statements[0]?.answer();
  expect(await answers).toEqual([null, { id: "a", value: 1 }, null, { id: "a", value: 1 }]);
});

test("callbacks of one turn share, although each ends with its own microtasks", async () => {
  const { read, statements } = table();
  for (const id of ["a", "b"]) setImmediate(() => void read(id));
  await turn(); // both have asked
  await turn();
  expect(statements).toHaveLength(1);
});

test("nobody gets an answer that was read before they asked", async () => {
  const { read, statements, state } = table();
  const first = read("a");
  await turn();
  state.value = 2; // committed while the first statement is on its way back
  const second = read("a");
  await turn();
  expect(statements).toHaveLength(2);
  for (const statement of statements) statement.answer();
  expect([await first, await second]).toEqual([
    { id: "a", value: 1 },
    { id: "a", value: 2 },
  ]);
  const third = read("a");
  await turn();
  expect(statements).toHaveLength(3);
  statements[2]?.answer();
  await third;
});

test("a statement has an end: many ids are several statements", async () => {
  const { read, statements } = table();
  const answers = Promise.all(Array.from({ length: 120 }, (_, index) => read(`id ${index}`)));
  await turn();
  expect(statements.map(({ ids }) => ids.length)).toEqual([50, 50, 20]);
  for (const statement of statements) statement.answer();
  await answers;
});

test("a failure is told to those who asked, and to nobody after them", async () => {
  const { read, statements } = table();
  const both = Promise.allSettled([read("a"), read("b")]);
  await turn();
  statements[0]?.fail();
  expect((await both).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  const again = read("a");
  await turn();
  statements[1]?.answer();
  expect(await again).toEqual({ id: "a", value: 1 });
});
