import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { err } from "~/core/result";
import { type TestDatabase, testDatabase } from "~/testing/database";
import { edgeClient, expectProblem } from "~/testing/edge-client";
import { type EdgeServer, edgeServer } from "~/testing/edge-server";
import { TEST_SECRET } from "~/testing/workshop";
import { type Container, createContainer } from "./container";
import { settingsFrom } from "./env";

// The whole app behind a real HTTP server, with the simulated wallet and the canned agent.
let database: TestDatabase;
let container: Container;
let server: EdgeServer;
let client: ReturnType<typeof edgeClient>;

beforeAll(async () => {
  database = await testDatabase();
  const settings = await settingsFrom({
    TIMMY_TOKEN_SECRET: TEST_SECRET,
    LOG_LEVEL: "silent",
    ORDERS_PER_MINUTE: "1000",
    MAX_OPEN_ORDERS: "1000",
  });
  container = await createContainer(settings, database.url);
  await container.services.books.openIfNew();
  server = await edgeServer(container);
  client = edgeClient(server.url);
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await container?.close();
  await database?.drop();
});

type Json = Record<string, unknown>;
type Invoice = { paymentRequest: string; paymentHash: string; amountSats: number };
const json = async (reply: Response): Promise<Json> => (await reply.json()) as Json;
const pay = async (paymentHash: string): Promise<string> => {
  const paid = await json(await client.post(`/api/dev/stub/pay/${paymentHash}`, {}));
  return paid.preimage as string;
};
async function create(amountSats = 1000) {
  const reply = await client.post("/api/sessions", { amountSats });
  expect(reply.status).toBe(201);
  const created = (await json(reply)) as { sessionId: string; macaroon: string; refundToken: string } & Json;
  return { ...created, path: `/api/sessions/${created.sessionId}`, deposit: created.depositInvoice as Invoice };
}
async function open(amountSats = 1000) {
  const session = await create(amountSats);
  const preimage = await pay(session.deposit.paymentHash);
  return { ...session, preimage, bearer: { authorization: `Bearer ${session.macaroon}` } };
}
const get = (path: string, headers: Record<string, string> = {}) => client.call(path, { headers });

/** What a stream of events said, in order. */
async function eventsOf(reply: Response): Promise<{ event: string; data: Json }[]> {
  expect(reply.headers.get("content-type")).toBe("text/event-stream");
  return (await reply.text())
    .split("\n\n")
    .filter((block) => block.startsWith("event:"))
    .map((block) => {
      const [event = "", data = ""] = block.split("\n").map((line) => line.slice(line.indexOf(": ") + 2));
      return { event, data: JSON.parse(data) as Json };
    });
}

describe("a session", () => {
  test("is made, paid, used, topped up, closed and given back over HTTP", async () => {
    const session = await create(500);
    expect(session).toMatchObject({ state: "awaiting_payment", trust_tier: "anonymous", deposit: { amountSats: 500 } });
    const preimage = await pay(session.deposit.paymentHash);
    const l402 = { authorization: `L402 ${session.macaroon}:${preimage}` };

    const answer = await json(await client.post(`${session.path}/request`, { request: "a haiku" }, l402));
    expect(answer).toMatchObject({ state: "complete", trust_tier: "anonymous", result: expect.any(String) });
    expect((answer.costLedger as Json).actualAmountSats).toBe(answer.debitedSats);
    const seen = await json(await get(`${session.path}/requests/${answer.requestId}`, l402));
    expect(seen).toEqual(answer);

    const topup = await client.post(`${session.path}/topup`, { amountSats: 300 }, l402);
    expect(topup.status).toBe(201);
    const { topupInvoice } = (await json(topup)) as { topupInvoice: Invoice };
    const refused = await client.post(`${session.path}/topup`, { amountSats: 300 }, l402);
    expect(await expectProblem(refused, 409, "TOPUP_PENDING")).toMatchObject({ pendingTopup: topupInvoice });
    expect(await json(await get(session.path, l402))).toMatchObject({ pendingTopup: topupInvoice });
    await pay(topupInvoice.paymentHash);
    const balanceSats = (answer.balanceSats as number) + 300;
    expect(await json(await get(session.path, l402))).toMatchObject({
      state: "active",
      balanceSats,
      pendingTopup: null,
    });

    await expectProblem(await client.post(`${session.path}/close`, {}), 401, "REFUND_TOKEN_MISSING");
    await expectProblem(await client.post(`${session.path}/close`, { refundToken: "x" }), 403, "REFUND_TOKEN_WRONG");
    const token = { "x-refund-token": session.refundToken };
    const closed = await json(await client.post(`${session.path}/close`, {}, token));
    expect(closed).toMatchObject({ state: "closed", balanceSats: 0, owedSats: balanceSats });
    await expectProblem(
      await client.post(`${session.path}/request`, { request: "more" }, l402),
      409,
      "SESSION_NOT_ACTIVE",
    );
    expect(await json(await get(session.path, l402))).toMatchObject({ state: "closed", owedSats: balanceSats });

    const target = await open();
    const refund = await client.post(`${session.path}/refund`, { sessionId: target.sessionId }, token);
    expect(await json(refund)).toMatchObject({ refundState: "paid", amountSats: balanceSats, owedSats: 0 });
    expect(await json(await get(target.path, target.bearer))).toMatchObject({ balanceSats: 1000 + balanceSats });
    const code = await client.post(`${session.path}/refund`, { lnurl: true }, token);
    await expectProblem(code, 409, "NOTHING_OWED");
  });

  test("of an unknown id is not found; amounts and texts that cannot be are refused", async () => {
    const { bearer, path } = await open();
    await expectProblem(await get("/api/sessions/unknown", bearer), 404, "SESSION_NOT_FOUND");
    await expectProblem(await get(`/api/sessions/${crypto.randomUUID()}`), 404, "SESSION_NOT_FOUND");
    await expectProblem(await get(`${path}/requests/${crypto.randomUUID()}`, bearer), 404, "REQUEST_NOT_FOUND");
    for (const amountSats of [99, 100_001, 100.5, "100", null, -100]) {
      await expectProblem(await client.post("/api/sessions", { amountSats }), 400, "INVALID_REQUEST");
    }
    await expectProblem(await client.post(`${path}/request`, {}, bearer), 400, "REQUEST_MISSING");
    await expectProblem(
      await client.post(`${path}/request`, { request: "x".repeat(501) }, bearer),
      400,
      "REQUEST_TOO_LONG",
    );
    await expectProblem(await get(`${path}?limit=0`, bearer), 400, "INVALID_REQUEST");
  });

  test("that has too little says what is missing and how to top up, and runs nothing", async () => {
    const { bearer, path, sessionId } = await open(100);
    const quote = Number((await container.pricing.quote("x".repeat(400), ["judge", "work"])).quoteSats);
    expect(quote).toBeGreaterThan(100);
    const refused = await client.post(`${path}/request`, { request: "x".repeat(400) }, bearer);
    const problem = await expectProblem(refused, 402, "BALANCE_TOO_LOW");
    expect(problem).toMatchObject({ requiredSats: quote, balanceSats: 100, missingSats: quote - 100 });
    expect(problem.topup).toEqual({
      method: "POST",
      path: `/api/sessions/${sessionId}/topup`,
      amountSats: Math.max(100, quote - 100),
    });
    expect(await json(await get(path, bearer))).toMatchObject({ balanceSats: 100, requests: [] });
  });

  test("is read in pages, the newest first", async () => {
    const { bearer, path } = await open(2000);
    const ids: string[] = [];
    for (let n = 0; n < 3; n += 1) {
      const answer = await json(await client.post(`${path}/request`, { request: `[refuse] ${n}` }, bearer));
      ids.unshift(answer.requestId as string);
    }
    const first = await json(await get(`${path}?limit=2`, bearer));
    expect((first.requests as Json[]).map(({ requestId }) => requestId)).toEqual(ids.slice(0, 2));
    const second = await json(await get(`${path}?limit=2&cursor=${first.nextCursor}`, bearer));
    expect((second.requests as Json[]).map(({ requestId }) => requestId)).toEqual(ids.slice(2));
    expect(second.nextCursor).toBeNull();
  });
});

test("a top-up counts as an order of its client, and one that was refused for it asks no wallet", async () => {
  const narrow = {
    ...container,
    orderLimit: async () => err({ code: "tooManyRequests", retryAfterSeconds: 7 } as const),
  };
  await using strict = await edgeServer(narrow);
  const { bearer, path } = await open();
  const refused = await edgeClient(strict.url).post(`${path}/topup`, { amountSats: 500 }, bearer);
  expect(refused.headers.get("retry-after")).toBe("7");
  await expectProblem(refused, 429, "TOO_MANY_REQUESTS");
  expect(await json(await get(path, bearer))).toMatchObject({ pendingTopup: null });
});

describe("an Idempotency-Key", () => {
  test("opens one session, makes one request, and belongs to its credential", async () => {
    const key = { "idempotency-key": crypto.randomUUID() };
    const [one, two] = await Promise.all([1, 2].map(() => client.post("/api/sessions", { amountSats: 500 }, key)));
    expect(await json(one as Response)).toEqual(await json(two as Response));

    const mine = await open();
    const theirs = await open();
    const short = { "idempotency-key": "1" };
    const asked = (session: typeof mine, request = "a haiku") =>
      client.post(`${session.path}/request`, { request }, { ...session.bearer, ...short });
    const answers = await Promise.all([asked(mine), asked(mine), asked(mine)]);
    const bodies = await Promise.all(answers.map(json));
    expect(new Set(bodies.map(({ requestId }) => requestId)).size).toBe(1);
    expect(new Set(bodies.map(({ result }) => result)).size).toBe(1);
    const again = await asked(mine);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect(await json(again)).toMatchObject({ requestId: bodies[0]?.requestId });
    await expectProblem(await asked(mine, "another haiku"), 422, "IDEMPOTENCY_KEY_REUSED");
    expect((await json(await asked(theirs))).requestId).not.toBe(bodies[0]?.requestId);
    expect(await json(await get(mine.path, mine.bearer))).toMatchObject({ requests: [{ state: "complete" }] });
  });

  test("does not keep what paying puts right", async () => {
    const { bearer, path } = await open(100);
    const key = { ...bearer, "idempotency-key": "k" };
    const long = { request: "x".repeat(400) };
    await expectProblem(await client.post(`${path}/request`, long, key), 402, "BALANCE_TOO_LOW");
    const { topupInvoice } = (await json(await client.post(`${path}/topup`, { amountSats: 2000 }, bearer))) as {
      topupInvoice: Invoice;
    };
    await pay(topupInvoice.paymentHash);
    expect(await json(await client.post(`${path}/request`, long, key))).toMatchObject({ state: "complete" });
  });
});

describe("what a page shows of a session", () => {
  test("its deposit, before the credential opens anything, to who holds the refund token", async () => {
    const { sessionId, refundToken, deposit } = await create(700);
    const peek = (token?: string) =>
      client.call(`/api/trpc/sessions.peek?input=${encodeURIComponent(JSON.stringify({ id: sessionId }))}`, {
        headers: token === undefined ? {} : { "x-refund-token": token },
      });
    const seen = async () => ((await json(await peek(refundToken))) as { result: { data: Json } }).result.data;
    expect(await seen()).toMatchObject({ state: "awaiting_payment", depositInvoice: deposit, balanceSats: 0 });
    await pay(deposit.paymentHash);
    await expect
      .poll(seen, { timeout: 15_000 })
      .toMatchObject({ state: "active", depositInvoice: null, balanceSats: 700 });
    expect([(await peek()).status, (await peek("another's")).status]).toEqual([401, 403]);
  });

  test("what was asked, and what became of a payout", async () => {
    const { bearer, path, refundToken } = await open(1000);
    await client.post(`${path}/request`, { request: "a haiku" }, bearer);
    expect((await json(await get(path, bearer))).requests).toMatchObject([{ request: "a haiku" }]);
    const closed = await json(await client.post(`${path}/close`, { refundToken }));
    expect(closed.payout).toBeUndefined();
    const target = await open(100);
    await client.post(`${path}/refund`, { refundToken, sessionId: target.sessionId });
    const after = await json(await get(path, bearer));
    expect(after).toMatchObject({
      owedSats: 0,
      payout: { state: "paid", method: "session", amountSats: closed.owedSats },
    });
  });
});

describe("streamed", () => {
  const events = { accept: "text/event-stream" };

  test("it is the same answer, in pieces and then whole", async () => {
    const { bearer, path } = await open();
    const plain = await json(await client.post(`${path}/request`, { request: "a haiku" }, bearer));
    const told = await eventsOf(await client.post(`${path}/request`, { request: "a haiku" }, { ...bearer, ...events }));
    const done = told.at(-1);
    expect(done).toMatchObject({ event: "done", data: { state: "complete", result: plain.result } });
    expect(Object.keys(done?.data ?? {}).sort()).toEqual(Object.keys(plain).sort());
    expect(done?.data.debitedSats).toBe(plain.debitedSats);
    expect(done?.data.costLedger).toEqual(plain.costLedger);
    const deltas = told.slice(0, -1);
    expect(deltas.length).toBeGreaterThan(1);
    expect(deltas.every(({ event }) => event === "delta")).toBe(true);
    expect(deltas.map(({ data }) => data.text).join("")).toBe(plain.result);
  });

  test("says where the answer stays, before the first piece", async () => {
    const { bearer, path } = await open();
    const reply = await client.post(`${path}/request`, { request: "a haiku" }, { ...bearer, ...events });
    const place = reply.headers.get("content-location") ?? "";
    const done = (await eventsOf(reply)).at(-1);
    expect(place).toBe(`${path}/requests/${done?.data.requestId}`);
    expect(await json(await get(place, bearer))).toEqual(done?.data);
  });

  test.each([
    ["[reject]", { state: "rejected", reason: expect.any(String) }],
    ["[refuse]", { state: "failed", debitedSats: 0 }],
  ])("%s ends it with the same object", async (request, data) => {
    const { bearer, path } = await open();
    const told = await eventsOf(await client.post(`${path}/request`, { request }, { ...bearer, ...events }));
    expect(told).toMatchObject([{ event: "done", data }]);
  });

  test("what is refused before it begins is a problem with its own status", async () => {
    const { bearer, path } = await open(100);
    const poor = await client.post(`${path}/request`, { request: "x".repeat(400) }, { ...bearer, ...events });
    await expectProblem(poor, 402, "BALANCE_TOO_LOW");
    await expectProblem(await client.post(`${path}/request`, { request: "a" }, events), 401, "CREDENTIAL_MISSING");
    await expectProblem(await client.post(`${path}/request`, {}, { ...bearer, ...events }), 400, "REQUEST_MISSING");
  });

  test("a connection that breaks cancels nothing: the answer stays", async () => {
    const { bearer, path } = await open();
    const leaving = new AbortController();
    const reply = await fetch(`${server.url}${path}/request`, {
      method: "POST",
      headers: { "content-type": "application/json", ...bearer, ...events },
      body: JSON.stringify({ request: "a haiku" }),
      signal: leaving.signal,
    });
    const reader = reply.body?.getReader();
    await reader?.read();
    leaving.abort();
    await expect
      .poll(async () => json(await get(path, bearer)), { timeout: 60_000 })
      .toMatchObject({ requests: [{ state: "complete" }] });
    const [{ requestId = "" } = {}] = (await json(await get(path, bearer))).requests as { requestId?: string }[];
    expect(await json(await get(`${path}/requests/${requestId}`, bearer))).toMatchObject({
      result: expect.any(String),
    });
  });
});

describe("POST /api/l402/ask", () => {
  /** As every L402 client reads it. */
  const challengeOf = (reply: Response) => {
    const header = reply.headers.get("www-authenticate") ?? "";
    const [, macaroon = "", invoice = "", token] =
      /^L402 macaroon="([A-Za-z0-9+/]+=*)", invoice="(lnbcrt[a-z0-9]+)", token="([A-Za-z0-9+/]+=*)", version="0"$/.exec(
        header,
      ) ?? [];
    expect(token, header).toBe(macaroon);
    return { macaroon, invoice };
  };
  const ask = (request: string, headers: Record<string, string> = {}) =>
    client.post("/api/l402/ask", { request }, headers);
  async function bought(request: string) {
    const reply = await ask(request);
    const { macaroon, invoice } = challengeOf(reply);
    const problem = await expectProblem(reply, 402, "PAYMENT_REQUIRED");
    expect((problem.invoice as Invoice).paymentRequest).toBe(invoice);
    const preimage = await pay((problem.invoice as Invoice).paymentHash);
    expect(createHash("sha256").update(Buffer.from(preimage, "hex")).digest("hex")).toBe(
      (problem.invoice as Invoice).paymentHash,
    );
    return { macaroon, preimage, problem, l402: { authorization: `L402 ${macaroon}:${preimage}` } };
  }

  test("asks for the price of a session's request, answers who paid it, and the same for ever", async () => {
    const { l402, problem, macaroon, preimage } = await bought("a haiku");
    const quote = await container.pricing.quote("a haiku", ["judge", "work"]);
    expect((problem.invoice as Invoice).amountSats).toBe(Number(quote.quoteSats));

    const answer = await json(await ask("a haiku", l402));
    expect(answer).toMatchObject({ state: "complete", trust_tier: "anonymous", refundToken: problem.refundToken });
    expect(answer.owedSats).toBe(Number(quote.quoteSats) - (answer.debitedSats as number));
    expect(await json(await ask("a haiku", l402))).toEqual(answer);
    expect(await json(await ask("a haiku", { authorization: `LSAT ${macaroon}:${preimage}` }))).toEqual(answer);
    const told = await eventsOf(await ask("a haiku", { ...l402, accept: "text/event-stream" }));
    expect(told).toEqual([{ event: "done", data: answer }]);

    const other = await ask("another haiku", l402);
    expect(challengeOf(other).macaroon).not.toBe(macaroon);
    await expectProblem(other, 402, "PAYMENT_REQUIRED");

    const refund = await client.post(`/api/sessions/${answer.sessionId}/refund`, {
      refundToken: answer.refundToken,
      lnurl: true,
    });
    expect(await json(refund)).toMatchObject({ amountSats: answer.owedSats });
  });

  test("asked five times at once with one credential is one request", async () => {
    const { l402 } = await bought("[slow-ish] a haiku");
    const answers = await Promise.all([1, 2, 3, 4, 5].map(async () => json(await ask("[slow-ish] a haiku", l402))));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  });

  test.each([
    ["[reject]", { state: "rejected" }],
    ["[refuse]", { state: "failed", debitedSats: 0 }],
  ])("%s: the rest is owed, and asking again tells the same", async (request, expected) => {
    const { l402, problem } = await bought(request);
    const answer = await json(await ask(request, l402));
    expect(answer).toMatchObject(expected);
    expect(answer.owedSats).toBe((problem.invoice as Invoice).amountSats - (answer.debitedSats as number));
    expect(await json(await ask(request, l402))).toEqual(answer);
  });

  test("unpaid, it opens nothing, even with the preimage; a session's credential opens nothing here, nor one from here there", async () => {
    const reply = await ask("a haiku");
    const { macaroon } = challengeOf(reply);
    const { invoice } = (await json(reply)) as { invoice: Invoice };
    const { rows } = await preimageOf(invoice.paymentHash);
    const preimage = rows[0]?.preimage ?? "";
    await expectProblem(await ask("a haiku", { authorization: `L402 ${macaroon}:${preimage}` }), 401, "DEPOSIT_UNPAID");
    await expectProblem(
      await ask("a haiku", { authorization: `L402 ${macaroon}:${"00".repeat(32)}` }),
      401,
      "CREDENTIAL_INVALID",
    );
    const session = await open();
    await expectProblem(await ask("a haiku", session.bearer), 401, "CREDENTIAL_INVALID");
    const { l402 } = await bought("one answer");
    await expectProblem(
      await client.post(`${session.path}/request`, { request: "a" }, l402),
      401,
      "CREDENTIAL_INVALID",
    );
    await expectProblem(await get(session.path, l402), 401, "CREDENTIAL_INVALID");
  });

  test("an Idempotency-Key shows a challenge to nobody else: no header that proves nothing makes a caller somebody", async () => {
    const weak = [{ authorization: "Basic dTpw" }, { authorization: "anything" }, {}] as Record<string, string>[];
    for (const headers of weak) {
      await expectProblem(await ask("mine", { ...headers, "idempotency-key": "1" }), 400, "IDEMPOTENCY_KEY_UNUSABLE");
    }
    const key = { "idempotency-key": crypto.randomUUID() };
    const [first, again] = [await ask("mine", key), await ask("mine", { ...key, authorization: "Basic dTpw" })];
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect(challengeOf(again)).toEqual(challengeOf(first));
    expect(await json(again)).toEqual(await json(first));
    await expectProblem(await ask("yours", key), 422, "IDEMPOTENCY_KEY_REUSED");
    // Who has paid asks by a credential of their own, and the key is theirs.
    const { l402 } = await bought("a haiku");
    const mine = await json(await ask("a haiku", { ...l402, "idempotency-key": "1" }));
    const { l402: theirs } = await bought("a haiku");
    const other = await json(await ask("a haiku", { ...theirs, "idempotency-key": "1" }));
    expect(other.requestId).not.toBe(mine.requestId);
    await expectProblem(
      await ask("a haiku", { authorization: "Bearer bm9uc2Vuc2U=", "idempotency-key": "1" }),
      401,
      "CREDENTIAL_INVALID",
    );
  });

  test("given back before it was used, it is used up", async () => {
    const { l402, problem } = await bought("a haiku");
    const path = `/api/sessions/${problem.sessionId}`;
    const closed = await client.post(`${path}/close`, { refundToken: problem.refundToken });
    expect(await json(closed)).toMatchObject({ state: "closed", owedSats: (problem.invoice as Invoice).amountSats });
    await expectProblem(await ask("a haiku", l402), 402, "PAYMENT_REQUIRED");
  });
});

/** What a wallet knows before anything is paid. */
async function preimageOf(paymentHash: string): Promise<{ rows: { preimage: string }[] }> {
  const pg = await import("pg");
  const direct = new pg.default.Client({ connectionString: database.url });
  await direct.connect();
  return direct
    .query<{ preimage: string }>("SELECT preimage FROM simulated_invoice WHERE payment_hash = $1", [paymentHash])
    .finally(() => direct.end());
}

test("the books balance after all of it", async () => {
  const proof = await container.services.books.prove();
  expect(proof).toMatchObject({ ok: true, value: { ok: true } });
});
