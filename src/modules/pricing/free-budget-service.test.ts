import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { err, ok } from "~/core/result";
import { type Database, openDatabase } from "~/db/client";
import { type TestDatabase, testDatabase } from "~/testing/database";
import { freeBudget } from "./free-budget-service";

/** A call of 10 tokens in and 10 out costs at most 20 millionths. */
const RATES = { inputUsdPerMtok: 1, outputUsdPerMtok: 1 };
const WORST = { inputTokens: 10, outputTokens: 10 };
const WORST_USD = 0.00002;

let home: TestDatabase;
let processes: Database[];
beforeAll(async () => {
  home = await testDatabase();
  processes = [1, 2].map(() => openDatabase(home.url, { poolSize: 4 }));
});
beforeEach(async () => void (await processes[0]?.pool.query("truncate free_model_day")));
afterAll(async () => {
  for (const db of processes) await db.close();
  await home.drop();
});

const database = () => processes[0] as Database;
const counted = async () => {
  const { rows } = await database().pool.query<{ usd: number }>("select usd::float8 as usd from free_model_day");
  return rows[0]?.usd ?? 0;
};
const bill = (inputTokens: number, outputTokens: number) => async () =>
  ok({ usage: { inputTokens, outputTokens }, text: "", truncated: false });

describe("the budget of free answers", () => {
  test("two processes together never go over it, whatever runs at once", async () => {
    let running = 0;
    let most = 0;
    const call = async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running -= 1;
      return ok({ usage: WORST });
    };
    const budgets = processes.map((db) => freeBudget(db, WORST_USD * 30));
    const calls = Array.from({ length: 200 }, (_, at) => budgets[at % 2]?.within(RATES, WORST, call));
    const made = (await Promise.all(calls)).filter((answer) => answer !== null);
    expect(made).toHaveLength(30);
    expect(most).toBeGreaterThan(1);
    expect(await counted()).toBeCloseTo(WORST_USD * 30, 12);
  });

  test("a call counts its worst while it runs, and its bill afterwards", async () => {
    const budget = freeBudget(database(), WORST_USD);
    const during = await budget.within(RATES, WORST, async () => {
      expect(await counted()).toBe(WORST_USD);
      expect(await budget.within(RATES, WORST, bill(1, 1))).toBeNull();
      return bill(3, 4)();
    });
    expect(during).toMatchObject({ ok: true });
    expect(await counted()).toBe(0.000007);
  });

  test("a failure counts what was billed, and its worst where nobody said", async () => {
    const budget = freeBudget(database(), 1);
    const failed = { code: "agentRefused", detail: "" } as const;
    await budget.within(RATES, WORST, async () => err({ ...failed, usage: { inputTokens: 5, outputTokens: 0 } }));
    expect(await counted()).toBe(0.000005);
    await budget.within(RATES, WORST, async () => err({ code: "agentUnreachable", detail: "" } as const));
    expect(await counted()).toBe(0.000025);
  });

  test("a process that dies in the middle leaves the worst counted", async () => {
    const budget = freeBudget(database(), WORST_USD);
    await expect(budget.within(RATES, WORST, () => Promise.reject(new Error("killed")))).rejects.toThrow("killed");
    expect(await budget.within(RATES, WORST, bill(1, 1))).toBeNull();
  });

  test("each day has its own, and nothing bears no call", async () => {
    const budget = freeBudget(database(), WORST_USD);
    await budget.within(RATES, WORST, async () => ok({ usage: WORST }));
    expect(await budget.within(RATES, WORST, bill(1, 1))).toBeNull();
    await database().pool.query("update free_model_day set day = day - 1");
    expect(await budget.within(RATES, WORST, bill(1, 1))).not.toBeNull();
    expect(await freeBudget(database(), 0).within(RATES, WORST, bill(1, 1))).toBeNull();
  });
});
