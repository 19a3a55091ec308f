import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { nostrTokens } from "~/modules/identity/nostr-token";
import { expectProblem } from "~/testing/edge-client";
import { tokenFrom } from "~/testing/nostr-login";
import { inHeader, nostrSigner } from "~/testing/nostr-signer";
import { type RealEdge, realEdge } from "~/testing/real-edge";
import { TEST_SECRET } from "~/testing/workshop";
import { deriveKey } from "./secrets";

const VERIFY = "/api/identity/verify";
const JOBS = "/api/jobs";
const ME = "/api/identity/me";
let server: RealEdge;
let signer: ReturnType<typeof nostrSigner>;

beforeAll(async () => {
  server = await realEdge();
});
afterAll(() => server.close());
beforeEach(() => {
  signer = nostrSigner();
});
const call: RealEdge["call"] = (...given) => server.call(...given);
const post: RealEdge["post"] = (...given) => server.post(...given);

describe("a credential that came must be good, whatever is asked for", () => {
  const foreign = () => nostrTokens(deriveKey("another secret", "nostr token")).issue(signer.pubkey, new Date()).token;
  const expired = () =>
    nostrTokens(deriveKey(TEST_SECRET, "nostr token")).issue(signer.pubkey, new Date(Date.now() - 86_400_000)).token;
  const ASKED: [method: string, path: string, body?: object][] = [
    ["GET", "/api/estimate?request=hello"],
    ["GET", "/api/jobs/unknown"],
    ["GET", ME],
    ["POST", JOBS, { request: "hello" }],
    ["POST", "/api/jobs/unknown/cancel", {}],
    ["POST", "/api/jobs/unknown/refund", {}],
    ["DELETE", "/api/jobs/unknown", {}],
    ["POST", "/api/identity/challenge", { pubkey: "ab".repeat(32) }],
    ["POST", VERIFY, {}],
    ["GET", '/api/trpc/estimate?input={"request":"hello"}'],
    ["GET", '/api/trpc/jobs.get,estimate?batch=1&input={"0":{"jobId":"x"},"1":{"request":"hello"}}'],
    ["POST", "/api/trpc/jobs.create", { request: "hello" }],
  ];
  const send = (method: string, path: string, body: object | undefined, headers: Record<string, string>) =>
    call(path, {
      method,
      headers: { ...(body && { "content-type": "application/json" }), ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });

  test.each(ASKED)("%s %s", async (method, path, body) => {
    const code = async (reply: Response) => {
      expect(reply.status).toBe(401);
      return /NOSTR_\w+/.exec(await reply.text())?.[0];
    };
    for (const [token, said] of [
      ["", "NOSTR_TOKEN_INVALID"],
      ["x", "NOSTR_TOKEN_INVALID"],
      [foreign(), "NOSTR_TOKEN_INVALID"],
      [expired(), "NOSTR_TOKEN_EXPIRED"],
    ] as const) {
      expect(await code(await send(method, path, body, { "x-nostr-token": token }))).toBe(said);
      if (!body) continue;
      expect(await code(await send(method, path, { ...body, nostr_token: token }, {}))).toBe(said);
    }
    for (const signed of ["Nostr", "nostr x", "Nostr e30=", inHeader(signer.sign({ kind: 27235 }))]) {
      expect(await code(await send(method, path, body, { authorization: signed }))).toBe("NOSTR_EVENT_INVALID");
    }
  });

  test.each([[7], [true], [[]], [{}], [["x"]]])("also a token that is %j", async (token) => {
    await expectProblem(await post(JOBS, { request: "hello", nostr_token: token }), 401, "NOSTR_TOKEN_INVALID");
  });

  test("while none at all is nobody", async () => {
    expect((await post(JOBS, { request: "hello", nostr_token: null })).status).toBe(201);
    for (const authorization of ["Bearer x", "Basic eA==", "L402 a:b", "LSAT a:b", "Nostrich x", "x"]) {
      expect((await call("/api/estimate?request=x", { headers: { authorization } })).status).toBe(200);
    }
    const reply = await call(ME);
    expect(reply.headers.get("www-authenticate")).toBe("Nostr");
    await expectProblem(reply, 401, "NOSTR_LOGIN_REQUIRED");
  });

  test("and all are of one key", async () => {
    const [mine, theirs] = [await tokenFrom(server.url, signer), await tokenFrom(server.url, nostrSigner())];
    const body = { request: "hello" };
    const url = `${server.url}${JOBS}`;
    // Two events of one second are the same event unless something in them differs.
    let nonce = 0;
    const signed = () => signer.authorization({ url, method: "POST" }, { content: `${nonce++}` });
    const differ = async (reply: Response) => expectProblem(reply, 401, "NOSTR_CREDENTIALS_DIFFER");
    await differ(await post(JOBS, { ...body, nostr_token: theirs }, { "x-nostr-token": mine }));
    await differ(await post(JOBS, { ...body, nostr_token: theirs }, { authorization: signed() }));
    await differ(await post(JOBS, body, { authorization: signed(), "x-nostr-token": theirs }));
    const all = { ...body, nostr_token: mine };
    expect((await post(JOBS, all, { authorization: signed(), "x-nostr-token": mine })).status).toBe(201);
  });

  test("each call of a batch by its own", async () => {
    const [mine, theirs] = [await tokenFrom(server.url, signer), await tokenFrom(server.url, nostrSigner())];
    const [good, none, bad] = (await (
      await post("/api/trpc/jobs.create,jobs.create,jobs.create?batch=1", {
        0: { request: "one", nostr_token: mine },
        1: { request: "two" },
        2: { request: "three", nostr_token: `${theirs}x` },
      })
    ).json()) as { result?: object; error?: { data: { code: string } } }[];
    expect([good?.result, none?.result]).toEqual([expect.anything(), expect.anything()]);
    expect(bad?.error?.data.code).toBe("NOSTR_TOKEN_INVALID");
  });
});

describe("a call signed by itself (NIP-98)", () => {
  const me = (authorization: string, path = ME) => call(path, { headers: { authorization } });
  const url = () => `${server.url}${ME}`;

  test("is its key's, once", async () => {
    const signed = signer.authorization({ url: url(), method: "GET" });
    expect(await (await me(signed)).json()).toMatchObject({
      pubkey: signer.pubkey,
      trust_tier: "new",
      last_seen: null,
    });
    await expectProblem(await me(signed), 401, "NOSTR_EVENT_INVALID");
  });

  test("is good for that URL, method and minute alone", async () => {
    const now = Math.floor(Date.now() / 1000);
    for (const signed of [
      signer.authorization({ url: `${url()}?x`, method: "GET" }),
      signer.authorization({ url: `${url()}/`, method: "GET" }),
      signer.authorization({ url: `http://evil.example${ME}`, method: "GET" }),
      signer.authorization({ url: url(), method: "POST" }),
      signer.authorization({ url: url(), method: "GET" }, { created_at: now - 65 }),
      signer.authorization({ url: url(), method: "GET" }, { created_at: now + 65 }),
      signer.authorization({ url: url(), method: "GET" }, { kind: 22242 }),
      signer.authorization({ url: url(), method: "GET", body: "x" }),
    ]) {
      await expectProblem(await me(signed), 401, "NOSTR_EVENT_INVALID");
    }
    const query = `?a=${encodeURIComponent("é /?")}&b=1`;
    expect((await me(signer.authorization({ url: url() + query, method: "GET" }), ME + query)).status).toBe(200);
  });

  test("may hold its body", async () => {
    const body = JSON.stringify({ request: "écrire" });
    const at = { url: `${server.url}${JOBS}`, method: "POST" };
    const send = (authorization: string) => post(JOBS, body, { authorization });
    expect((await send(signer.authorization({ ...at, body }))).status).toBe(201);
    await expectProblem(await send(signer.authorization({ ...at, body: `${body} ` })), 401, "NOSTR_EVENT_INVALID");
  });

  test("is one for all calls of a batch", async () => {
    const path = '/api/trpc/identity.me,estimate?batch=1&input={"1":{"request":"hello"}}';
    const signed = signer.authorization({ url: `${server.url}${path}`, method: "GET" });
    const reply = await call(path, { headers: { authorization: signed } });
    expect(reply.status).toBe(200);
    expect(await reply.json()).toMatchObject([{ result: { data: { pubkey: signer.pubkey } } }, { result: {} }]);
  });
});

test("an order is a visit of its identity", async () => {
  const authorization = signer.authorization({ url: `${server.url}${JOBS}`, method: "POST" });
  expect(await knownSince(signer.pubkey)).toBeUndefined();
  expect((await post(JOBS, { request: "hello" }, { authorization })).status).toBe(201);
  expect(await knownSince(signer.pubkey)).toBeInstanceOf(Date);
});

const knownSince = async (pubkey: string) =>
  (await server.db.prisma.identity.findUnique({ where: { pubkey } }))?.lastSeenAt;

describe("an Idempotency-Key", () => {
  test("is its identity's own, and may then be short", async () => {
    const [mine, theirs] = [await tokenFrom(server.url, signer), await tokenFrom(server.url, nostrSigner())];
    const send = (token?: string) =>
      post(JOBS, { request: "once" }, { "idempotency-key": "1", ...(token && { "x-nostr-token": token }) });
    const first = await send(mine);
    const again = await send(mine);
    const foreign = await send(theirs);
    expect([first, again, foreign].map(({ status }) => status)).toEqual([201, 201, 201]);
    const [job, same, other] = (await Promise.all([first, again, foreign].map((reply) => reply.json()))) as {
      jobId: string;
    }[];
    expect(same).toEqual(job);
    expect(other?.jobId).not.toBe(job?.jobId);
    await expectProblem(await send(), 400, "IDEMPOTENCY_KEY_UNUSABLE");
    // The same key, proven another way.
    const signed = signer.authorization({ url: `${server.url}${JOBS}`, method: "POST" });
    const replay = await post(JOBS, { request: "once" }, { "idempotency-key": "1", authorization: signed });
    expect(await replay.json()).toEqual(job);
  });

  test("of anybody shows nobody else's answer, whatever they claim to be", async () => {
    const mine = await tokenFrom(server.url, signer);
    const key = "a-random-key-of-enough-letters";
    const job = await (await post(JOBS, { request: "mine" }, { "idempotency-key": key, "x-nostr-token": mine })).json();
    const spoiled = await post(JOBS, { request: "mine" }, { "idempotency-key": key, "x-nostr-token": `${mine}x` });
    await expectProblem(spoiled, 401, "NOSTR_TOKEN_INVALID");
    // A refund token is somebody's too, and it can say whatever its sender likes.
    const { jobId } = job as { jobId: string };
    const refund = (headers: Record<string, string>) =>
      post(`${JOBS}/${jobId}/refund`, { lnurl: true }, { "idempotency-key": key, ...headers });
    await expectProblem(await refund({ "x-nostr-token": mine }), 401, "REFUND_TOKEN_MISSING");
    for (const claim of [signer.pubkey, JSON.stringify([signer.pubkey]), JSON.stringify([signer.pubkey, null])]) {
      await expectProblem(await refund({ "x-refund-token": claim }), 403, "REFUND_TOKEN_WRONG");
    }
  });
});
