import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type TestDatabase, testDatabase } from "~/testing/database";
import { aloneOn } from "./alone";
import { type Database, openDatabase } from "./client";

const PATIENT = { timeout: 60_000 };
let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await testDatabase();
  db = openDatabase(database.url, { poolSize: 2 });
});
afterAll(async () => {
  await db?.close();
  await database?.drop();
});

/** Work that goes on until it is told to end. */
function longWork() {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  let began: (held: AbortSignal) => void = () => {};
  const running = new Promise<AbortSignal>((resolve) => {
    began = resolve;
  });
  const work = async (held: AbortSignal) => {
    began(held);
    await ended;
  };
  return { work, end, running };
}
const nothing = async () => undefined;
const alone = (name: string, work: (held: AbortSignal) => Promise<void> = nothing) => aloneOn(database.url)(name, work);

test("one of a name at a time; another name is free, and the same once the first is done", async () => {
  const first = longWork();
  const running = alone("a", first.work);
  await first.running;
  const second = vi.fn(nothing);
  expect(await alone("a", second)).toBe(false);
  expect(second).not.toHaveBeenCalled();
  expect(await alone("b")).toBe(true);
  first.end();
  expect(await running).toBe(true);
  expect(await alone("a", second)).toBe(true);
  expect(second).toHaveBeenCalledOnce();
});

test("of many at once, one works", async () => {
  const first = longWork();
  const lost: boolean[] = [];
  const tries = Array.from({ length: 8 }, () => alone("many", first.work));
  for (const one of tries) void one.then((worked) => worked || lost.push(worked));
  await vi.waitFor(() => expect(lost).toHaveLength(7), PATIENT);
  first.end();
  expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(1);
});

test("work that throws lets go, and what it threw is thrown", async () => {
  const broken = alone("broken", () => Promise.reject(new Error("no luck")));
  await expect(broken).rejects.toThrow("no luck");
  expect(await alone("broken")).toBe(true);
});

test("who loses the connection is told, and the next may begin", async () => {
  const first = longWork();
  const running = alone("lost", first.work);
  const held = await first.running;
  expect(held.aborted).toBe(false);
  await db.pool.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'timmy alone' AND datname = current_database()",
  );
  await vi.waitFor(() => expect(held.aborted).toBe(true), PATIENT);
  await vi.waitFor(async () => expect(await alone("lost")).toBe(true), PATIENT);
  first.end();
  await running;
});
