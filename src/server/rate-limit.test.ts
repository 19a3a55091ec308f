import { afterAll, beforeAll, expect, test } from "vitest";
import { type Database, openDatabase } from "~/db/client";
import { type TestDatabase, testDatabase } from "~/testing/database";
import { failureLimitPerMinute, rateLimitPerMinute } from "./rate-limit";

let home: TestDatabase;
let processes: Database[];
beforeAll(async () => {
  home = await testDatabase();
  processes = [1, 2].map(() => openDatabase(home.url, { poolSize: 4 }));
});
afterAll(async () => {
  for (const db of processes) await db.close();
  await home.drop();
});

const limits = (name: string, uses: number) => processes.map(({ pool }) => rateLimitPerMinute(pool, name, uses));

test("two processes count together, however many ask at once", async () => {
  const [one, other] = limits("orders", 20);
  const asked = Array.from({ length: 50 }, (_, index) => (index % 2 ? one : other)?.("client"));
  const answers = await Promise.all(asked);
  expect(answers.filter((answer) => answer?.ok)).toHaveLength(20);
  for (const answer of answers) {
    if (answer && !answer.ok) {
      expect(answer.error.code).toBe("tooManyRequests");
      expect(answer.error.retryAfterSeconds).toBeGreaterThan(0);
      expect(answer.error.retryAfterSeconds).toBeLessThanOrEqual(60);
    }
  }
});

test("clients are counted apart, and so are limits", async () => {
  const [orders] = limits("orders-2", 1);
  const [others] = limits("others", 1);
  for (const limit of [orders, others]) {
    expect(await limit?.("a")).toMatchObject({ ok: true });
    expect(await limit?.("a")).toMatchObject({ ok: false });
    expect(await limit?.("b")).toMatchObject({ ok: true });
  }
});

test("a minute later it begins anew", async () => {
  const [limit] = limits("orders-3", 1);
  await limit?.("a");
  expect(await limit?.("a")).toMatchObject({ ok: false });
  await processes[0]?.pool.query("update rate_limit set expire = expire - 60000 where key like 'orders-3%'");
  expect(await limit?.("a")).toMatchObject({ ok: true });
});

test("a minute that began by a clock which was ahead ends when that is put back; one by a clock a little ahead counts", async () => {
  const [limit] = limits("orders-4", 1);
  await limit?.("a");
  const ahead = (ms: number) =>
    processes[0]?.pool.query("update rate_limit set expire = expire + $1 where key like 'orders-4%'", [ms]);
  await ahead(50_000);
  expect(await limit?.("a")).toMatchObject({ ok: false });
  await ahead(86_400_000);
  expect(await limit?.("a")).toMatchObject({ ok: true, value: { remaining: 0 } });
  expect(await limit?.("a")).toMatchObject({ ok: false });
});

test("nor does it shut anybody out for failures", async () => {
  const pool = processes[0]?.pool;
  if (!pool) throw new Error("no process");
  const limit = failureLimitPerMinute(pool, "failures", 1);
  await limit.failed("a");
  expect(await limit.allowed("a")).toMatchObject({ ok: false });
  await pool.query("update rate_limit set expire = expire + 86400000 where key like 'failures%'");
  expect(await limit.allowed("a")).toMatchObject({ ok: true });
});
