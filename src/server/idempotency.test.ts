import { fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { err, ok } from "~/core/result";
import { type Database, openDatabase } from "~/db/client";
import { type TestDatabase, testDatabase } from "~/testing/database";
import { forgottenBefore, type Idempotency, idempotency, keyFault, type Outcome } from "./idempotency";
import { idempotencyStore } from "./idempotency-store";

const SECRET = "a secret of the tests, 32 letters";
let home: TestDatabase;
/** Two of everything, as in two processes. */
let processes: { db: Database; idempotency: Idempotency }[];

beforeAll(async () => {
  home = await testDatabase();
  processes = [1, 2].map(() => {
    const db = openDatabase(home.url, { poolSize: 8 });
    return { db, idempotency: idempotency(idempotencyStore(db), SECRET) };
  });
  await processes[0]?.db.pool.query("create table thing (id uuid primary key, key text not null)");
});
afterAll(async () => {
  for (const { db } of processes) await db.close();
  await home.drop();
});

const at = (index: number) => processes[index % 2] as (typeof processes)[number];
const callFor = (key: string, body = "{}") => ({ key, method: "POST", path: "/api/things", credential: "", body });
const things = async (key: string) =>
  (await at(0).db.pool.query("select id from thing where key = $1", [key])).rows.map(({ id }) => id as string);

/** Makes a thing and keeps the answer in one transaction, as the services do. */
const make = (index: number, key: string, body?: string) =>
  at(index).idempotency.once(callFor(key, body), 201, async (keep): Promise<Outcome> => {
    const answer = { id: randomUUID() };
    await at(index).db.inTx(async (tx) => {
      await tx.$executeRaw`insert into thing (id, key) values (${answer.id}::uuid, ${key})`;
      await keep(tx, answer);
    });
    return ok(answer);
  });

describe("one key, one thing", () => {
  test("the second time the first answer", async () => {
    const key = randomUUID();
    const [first, second] = [await make(0, key), await make(1, key)];
    expect(second).toEqual({ outcome: first.outcome, replayed: true });
    expect(first.replayed).toBe(false);
    let asked = false;
    const third = await at(0).idempotency.once(callFor(key), 201, async () => {
      asked = true;
      return ok(null);
    });
    expect({ ...third, asked }).toEqual({ ...second, asked: false });
    expect(await things(key)).toHaveLength(1);
  });

  test("twenty at once, from two processes: one thing, one answer", async () => {
    for (let round = 0; round < 10; round += 1) {
      const key = randomUUID();
      const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => make(index, key)));
      const made = await things(key);
      expect(made).toHaveLength(1);
      for (const { outcome } of answers) expect(outcome).toEqual(ok({ id: made[0] }));
      expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
    }
  });

  test("another body at once: one of the two, whole, and the other is refused", async () => {
    for (let round = 0; round < 10; round += 1) {
      const key = randomUUID();
      const answers = await Promise.all([make(0, key, "a"), make(1, key, "b")]);
      expect(await things(key)).toHaveLength(1);
      const outcomes = answers.map(({ outcome }) => (outcome.ok ? "made" : outcome.error.code)).sort();
      expect(outcomes).toEqual(["idempotencyKeyReused", "made"]);
    }
  });

  test("after a crash in the middle nothing is there, and the retry makes it", async () => {
    const key = randomUUID();
    const crash = at(0).idempotency.once(callFor(key), 201, async (keep) => {
      await at(0).db.inTx(async (tx) => {
        await tx.$executeRaw`insert into thing (id, key) values (${randomUUID()}::uuid, ${key})`;
        await keep(tx, { id: "never told" });
        throw new Error("crash");
      });
      return ok(null);
    });
    await expect(crash).rejects.toThrow("crash");
    expect(await things(key)).toEqual([]);
    expect(await make(1, key)).toMatchObject({ replayed: false, outcome: { ok: true } });
    expect(await things(key)).toHaveLength(1);
  });

  test("a process that was killed after the commit loses nothing: its answer is given again", async () => {
    const key = randomUUID();
    const child = fork(new URL("../testing/idempotent-victim.ts", import.meta.url), [home.url, SECRET, key], {
      execArgv: ["--import", "tsx"],
    });
    const [made] = (await once(child, "message")) as [{ id: string }];
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(await make(0, key)).toEqual({ outcome: ok({ id: made.id }), replayed: true });
    expect(await things(key)).toEqual([made.id]);
  });
});

describe("refusals", () => {
  const refuse = (index: number, key: string, outcome: Outcome) =>
    at(index).idempotency.once(callFor(key), 200, async () => outcome);

  test("are kept, amounts and all, and whoever is stored first is right", async () => {
    const key = randomUUID();
    const refused = err({ code: "addressAmountOutOfRange", minSats: 1n, maxSats: 2n } as never);
    const answers = await Promise.all([refuse(0, key, refused), refuse(1, key, err({ code: "nothingOwed" }))]);
    const codes = answers.map(({ outcome }) => (outcome.ok ? "" : outcome.error.code));
    expect(new Set(codes).size).toBe(1);
    const again = await refuse(0, key, ok("not asked"));
    expect(again.replayed).toBe(true);
    expect(again.outcome).toMatchObject({ error: { code: codes[0] } });
  });

  test.each([
    ["429", err({ code: "tooManyRequests", retryAfterSeconds: 1 } as const)],
    ["503", err({ code: "walletDown", detail: "" } as const)],
  ])("but not %s", async (_what, refused) => {
    const key = randomUUID();
    expect((await refuse(0, key, refused)).outcome).toEqual(refused);
    expect(await make(0, key)).toMatchObject({ replayed: false, outcome: { ok: true } });
  });
});

test("answers are unreadable at rest, and no other key's row can stand in for one", async () => {
  const key = randomUUID();
  await make(0, key);
  const { rows } = await at(0).db.pool.query<{ scope: string; answer: Buffer }>(
    "select scope, answer from idempotency_record order by created_at desc limit 2",
  );
  const [mine, other] = rows;
  const [made] = await things(key);
  expect(mine?.answer.toString("latin1")).not.toContain(made);
  expect(mine?.scope).not.toContain(key);
  await at(0).db.pool.query("update idempotency_record set answer = $1 where scope = $2", [other?.answer, mine?.scope]);
  await expect(make(0, key)).rejects.toThrow();
});

test("answers older than a day are forgotten, younger ones are not", async () => {
  const [old, young] = [randomUUID(), randomUUID()];
  await make(0, old);
  await at(0).db.pool.query("update idempotency_record set created_at = now() - interval '24 hours 1 minute'");
  await make(0, young);
  const store = idempotencyStore(at(0).db);
  expect(await store.deleteBefore(forgottenBefore(new Date()))).toBeGreaterThan(0);
  expect(await make(0, young)).toMatchObject({ replayed: true });
  expect(await make(0, old)).toMatchObject({ replayed: false });
});

test.each([
  [{ key: "a".repeat(22), credential: "" }, null],
  [{ key: "a".repeat(21), credential: "" }, "idempotencyKeyUnusable"],
  [{ key: "a", credential: "token" }, null],
  [{ key: "", credential: "token" }, "idempotencyKeyUnusable"],
  [{ key: "a".repeat(255), credential: "" }, null],
  [{ key: "a".repeat(256), credential: "token" }, "idempotencyKeyUnusable"],
])("the key %j", (call, fault) => {
  expect(keyFault(call)?.code ?? null).toBe(fault);
});
