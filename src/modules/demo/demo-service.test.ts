import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Agent } from "~/ports/agent";
import { type ScriptedAgent, scriptedAgent } from "~/testing/scripted-agent";
import { unwrap } from "~/testing/unwrap";
import { type Workshop, workshop } from "~/testing/workshop";

let real: ScriptedAgent & { kind: Agent["kind"] };
let shop: Workshop;
/** Each test is a visitor of its own. */
let visitor = 0;
beforeAll(async () => {
  real = { ...scriptedAgent(), kind: "anthropic" };
  shop = await workshop({
    outside: () => ({ agent: real }),
    settings: { DEMO_PER_HOUR: "5", FREE_MODEL_USD_PER_DAY: "0.01" },
  });
});
beforeEach(async () => {
  visitor += 1;
  await shop.db.pool.query("truncate free_model_day");
});
afterAll(() => shop.close());

const taste = (request = "A word of wisdom", client = `visitor ${visitor}`) =>
  shop.services.demo.taste(client, request);

test("a visitor gets five an hour, and is told how many are left", async () => {
  for (const remaining of [4, 3, 2, 1, 0]) {
    expect(unwrap(await taste())).toEqual({ result: "An answer.", truncated: false, canned: false, remaining });
  }
  const sixth = await taste();
  expect(sixth).toMatchObject({ ok: false, error: { code: "tooManyRequests" } });
  if (!sixth.ok && "retryAfterSeconds" in sixth.error) expect(sixth.error.retryAfterSeconds).toBeGreaterThan(3500);
  expect(await taste("A word of wisdom", "another")).toMatchObject({ ok: true });
});

test("fifty at once are still five", async () => {
  const answers = await Promise.all(Array.from({ length: 50 }, () => taste()));
  expect(answers.filter(({ ok }) => ok)).toHaveLength(5);
});

test("above the day's budget the answer is canned, says so, and no model is asked", async () => {
  await shop.db.pool.query("insert into free_model_day (day, usd) values (free_tier_today(), 0.01)");
  const asked = real.calls.length;
  const { canned, result } = unwrap(await taste());
  expect(canned).toBe(true);
  expect(result).toMatch(/canned answer \(simulated\)/);
  expect(real.calls).toHaveLength(asked);
});

test("what the model declined and what did not arrive are told apart", async () => {
  const usage = { inputTokens: 10, outputTokens: 0 };
  real.demos(async () => ({ code: "agentRefused", detail: "", usage }));
  expect(await taste()).toMatchObject({ ok: false, error: { code: "demoRefused" } });
  for (const code of ["agentUnreachable", "agentEmpty"] as const) {
    real.demos(async () => ({ code, detail: "sk-ant-secret", usage }));
    expect(await taste()).toEqual({ ok: false, error: { code: "modelUnavailable" } });
  }
});

test("without a model every taste is canned, whatever the budget", async () => {
  const bare = await workshop({ settings: { FREE_MODEL_USD_PER_DAY: "0" } });
  expect(unwrap(await bare.services.demo.taste("somebody", "Hello"))).toMatchObject({ canned: true, remaining: 4 });
  const { rowCount } = await bare.db.pool.query("select from free_model_day");
  expect(rowCount).toBe(0);
  await bare.close();
});
