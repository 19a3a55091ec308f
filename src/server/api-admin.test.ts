import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NodeStatus } from "~/modules/operator/operator-schema";
import { expectProblem } from "~/testing/edge-client";
import { type RealEdge, realEdge } from "~/testing/real-edge";
import { TEST_SECRET } from "~/testing/workshop";
import { settingsFrom } from "./env";

const STATUS = "/api/admin/node-status";
const PAGE = `${STATUS}/html`;
const TOPUP = "/api/admin/pool/topup";
let edge: RealEdge;
let token: string;
beforeAll(async () => {
  edge = await realEdge();
  token = (await settingsFrom({ TIMMY_TOKEN_SECRET: TEST_SECRET })).adminToken;
});
afterAll(() => edge.close());

const bearer = (brought = token) => ({ authorization: `Bearer ${brought}` });
const basic = (brought = token, name = "operator") => ({
  authorization: `Basic ${Buffer.from(`${name}:${brought}`).toString("base64")}`,
});
const get = (path: string, headers: Record<string, string> = {}) => edge.call(path, { headers });
const topUp = (headers: Record<string, string>, amountSats = 7) =>
  edge.post(TOPUP, { amountSats, reason: "more for newcomers" }, headers);

describe("who may in", () => {
  test.each([STATUS, PAGE])("%s: by Bearer, or as Basic's password with any name", async (path) => {
    for (const headers of [bearer(), basic(), basic(token, ""), { authorization: `bearer  ${token}` }]) {
      expect((await get(path, headers)).status).toBe(200);
    }
  });

  test.each([STATUS, PAGE])("%s: nobody else, and a browser is asked for a password", async (path) => {
    const cases = [{}, bearer("x"), bearer(`${token}x`), basic("x"), { authorization: `Nostr? ${token}` }];
    for (const headers of cases) {
      const reply = await get(path, headers as Record<string, string>);
      expect(reply.headers.get("www-authenticate")).toMatch(/^Basic realm="operator"/);
      await expectProblem(reply, 401, "OPERATOR_TOKEN_WRONG");
    }
  });

  test("to act, by Bearer alone: Basic comes along with forms of other sites", async () => {
    await expectProblem(await topUp(basic()), 401, "OPERATOR_TOKEN_WRONG");
    expect((await topUp(bearer())).status).toBe(200);
  });

  test("no other site, whatever it brings, over REST and over tRPC", async () => {
    for (const path of [STATUS, PAGE, "/api/trpc/admin.nodeStatus", "/api/trpc/demo.taste,admin.nodeStatus?batch=1"]) {
      const reply = await get(path, { ...bearer(), "sec-fetch-site": "cross-site", origin: "https://evil.example" });
      expect(reply.headers.get("access-control-allow-origin"), path).toBeNull();
      expect(await reply.text()).not.toMatch(/walletMsat|The wallet says/);
      const asked = await edge.call(path, { method: "OPTIONS", headers: { origin: "https://evil.example" } });
      expect(asked.headers.get("access-control-allow-origin"), path).toBeNull();
    }
    await expectProblem(await get(STATUS, { ...bearer(), "sec-fetch-site": "same-site" }), 403, "CROSS_SITE_REFUSED");
  });
});

test("who tries wrong tokens is kept out for a while, in every process, with the right one too; others are not", async () => {
  const few = { ADMIN_TRIES_PER_MINUTE: "3", TRUST_PROXY: "1" };
  const [one, other] = [await edge.beside(few), await edge.beside(few)];
  try {
    const from = (address: string, brought: string) => ({ ...bearer(brought), "x-forwarded-for": address });
    const ask = (at: RealEdge, headers: Record<string, string>) => at.call(STATUS, { headers });
    for (const at of [one, other, one]) {
      await expectProblem(await ask(at, from("203.0.113.1", "guess")), 401, "OPERATOR_TOKEN_WRONG");
    }
    for (const [at, brought] of [
      [other, "guess"],
      [one, token],
      [other, token],
    ] as const) {
      const refused = await ask(at, from("203.0.113.1", brought));
      expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
      await expectProblem(refused, 429, "TOO_MANY_REQUESTS");
    }
    expect((await ask(one, from("203.0.113.2", token))).status).toBe(200);
    // The right token is no try.
    for (let times = 0; times < 5; times += 1) {
      expect((await ask(one, from("203.0.113.3", token))).status).toBe(200);
    }
  } finally {
    await one.close();
    await other.close();
  }
});

test("the page runs no script, loads nothing, is not kept, and shows what is wrong with what to do", async () => {
  const reply = await get(PAGE, basic());
  const html = await reply.text();
  const policy = reply.headers.get("content-security-policy") ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/script-src|unsafe/);
  expect(reply.headers.get("cache-control")).toBe("no-store");
  expect(html).not.toMatch(/<script|<link|<img|\son\w+=/i);
  const { problems } = NodeStatus.parse(await (await get(STATUS, bearer())).json());
  expect(problems.map(({ code }) => code)).toContain("NO_WORKER");
  for (const { code } of problems) expect(html).toContain(code);
  expect(html).not.toContain(token);
});

test("what a setting or a note says is text on the page, never markup", async () => {
  const id = randomUUID();
  await edge.db.pool.query(
    `INSERT INTO payout (id, order_kind, order_id, method, target, payment_request, payment_hash, amount_sats, expires_at, note)
     VALUES ($1, 'job', $1, 'invoice', 'x', 'x', $2, 5, now() + interval '1 hour', $3)`,
    [id, "ab".repeat(32), "<img src=x onerror=alert(1)> & 'more'"],
  );
  const fresh = await edge.beside({}); // another process remembers nothing
  try {
    const html = await (await fresh.call(PAGE, { headers: basic() })).text();
    expect(html).toContain("&lt;img src=x onerror=alert(1)&gt; &amp; &#39;more&#39;");
    expect(html).not.toContain("<img");
  } finally {
    await fresh.close();
    await edge.db.pool.query("DELETE FROM payout WHERE id = $1", [id]);
  }
});

describe("the pool is topped up", () => {
  const pool = async () => (await edge.db.pool.query("SELECT pool_balance()::int AS sats")).rows[0].sats as number;

  test("with a reason, in the books, and once for its key, however often and in parallel it is sent", async () => {
    const before = await pool();
    const headers = { ...bearer(), "idempotency-key": randomUUID() };
    const replies = await Promise.all(Array.from({ length: 6 }, () => topUp(headers, 40)));
    for (const reply of replies) {
      expect(await reply.json()).toEqual({ amountSats: 40, poolSats: before + 40 });
    }
    expect(await pool()).toBe(before + 40);
    const posted = await edge.db.prisma.ledgerTransfer.findMany({ where: { amountMsat: 40_000n } });
    expect(posted).toMatchObject([
      { debitKind: "pool_commitment", creditKind: "pool", memo: "by hand: more for newcomers" },
    ]);
    expect(await edge.db.prisma.operatorAct.count({ where: { sats: 40n } })).toBe(1);
  });

  test("by two operators at once, both count", async () => {
    const before = await pool();
    await Promise.all([topUp(bearer(), 3), topUp(bearer(), 4)]);
    expect(await pool()).toBe(before + 7);
  });

  test("not without a reason, not by nothing or a fraction", async () => {
    for (const body of [
      { amountSats: 5 },
      { amountSats: 5, reason: "  " },
      { amountSats: 0, reason: "nothing" },
      { amountSats: 1.5, reason: "half" },
      { amountSats: -5, reason: "back" },
    ]) {
      await expectProblem(await edge.post(TOPUP, body, bearer()), 400, "INVALID_REQUEST");
    }
  });

  test("what was done stays: the database refuses to change it", async () => {
    await expect(edge.db.pool.query("DELETE FROM operator_act")).rejects.toThrow(/not allowed/);
    await expect(edge.db.pool.query("UPDATE operator_act SET reason = 'x'")).rejects.toThrow(/not allowed/);
    const act = (kind: string, reason: string) =>
      edge.db.pool.query("INSERT INTO operator_act (kind, subject, reason) VALUES ($1, 'x', $2)", [kind, reason]);
    await expect(act("pool_drained", "because")).rejects.toThrow(/operator_act_kind/);
    await expect(act("pool_topup", " ")).rejects.toThrow(/operator_act_reason/);
  });
});

describe("a task that failed", () => {
  test("is shown without what its error quotes, and tried again now when asked to", async () => {
    const { rows } = await edge.db.pool.query(
      "SELECT id::text FROM graphile_worker.add_job('payout', '{}'::json, run_at => now() + interval '1 hour')",
    );
    const taskId = rows[0].id as string;
    await edge.db.pool.query(
      "UPDATE graphile_worker._private_jobs SET attempts = 7, last_error = $2 WHERE id = $1::bigint",
      [taskId, 'invalid input "a visitor\'s wish"\nstack'],
    );
    const fresh = await edge.beside({});
    try {
      const status = NodeStatus.parse(await (await fresh.call(STATUS, { headers: bearer() })).json());
      expect(status.queue.failing).toMatchObject([
        { taskId, task: "payout", attempts: 7, lastError: "invalid input …", givenUp: false },
      ]);
      expect(status.problems.map(({ code }) => code)).toContain("TASKS_FAILING");
      const retry = () => fresh.post(`/api/admin/tasks/${taskId}/retry`, { reason: "mended" }, bearer());
      expect(await (await retry()).json()).toEqual({ taskId, task: "payout" });
      const { rows: waiting } = await edge.db.pool.query(
        "SELECT attempts, run_at <= now() AS due FROM graphile_worker._private_jobs WHERE id = $1::bigint",
        [taskId],
      );
      expect(waiting).toEqual([{ attempts: 0, due: true }]);
      await edge.db.pool.query("DELETE FROM graphile_worker._private_jobs WHERE id = $1::bigint", [taskId]);
      await expectProblem(await retry(), 409, "TASK_NOT_WAITING");
    } finally {
      await fresh.close();
    }
  });

  test("to the last try is told apart, is no task that is due, and is due again when asked for", async () => {
    const { rows } = await edge.db.pool.query(
      "SELECT id::text FROM graphile_worker.add_job('payout', '{}'::json, run_at => now() - interval '1 hour', max_attempts => 2)",
    );
    const taskId = rows[0].id as string;
    await edge.db.pool.query(
      "UPDATE graphile_worker._private_jobs SET attempts = 2, last_error = 'x' WHERE id = $1::bigint",
      [taskId],
    );
    const fresh = await edge.beside({});
    try {
      const status = NodeStatus.parse(await (await fresh.call(STATUS, { headers: bearer() })).json());
      expect(status.queue.failing).toMatchObject([{ taskId, attempts: 2, givenUp: true }]);
      expect(status.queue.oldestReadySeconds).toBeLessThan(3_600);
      expect(status.problems.map(({ code }) => code)).toContain("TASKS_GIVEN_UP");
      expect(await (await fresh.call(PAGE, { headers: basic() })).text()).toContain("not retried by itself");
      const retried = await fresh.post(`/api/admin/tasks/${taskId}/retry`, { reason: "mended" }, bearer());
      expect(await retried.json()).toEqual({ taskId, task: "payout" });
      const { rows: waiting } = await edge.db.pool.query(
        "SELECT attempts, max_attempts, is_available FROM graphile_worker._private_jobs WHERE id = $1::bigint",
        [taskId],
      );
      expect(waiting).toEqual([{ attempts: 0, max_attempts: 2, is_available: true }]);
    } finally {
      await fresh.close();
      await edge.db.pool.query("DELETE FROM graphile_worker._private_jobs WHERE id = $1::bigint", [taskId]);
    }
  });
});
