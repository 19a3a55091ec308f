import { createTRPCClient, httpBatchLink, httpLink } from "@trpc/client";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { expectProblem } from "~/testing/edge-client";
import { challengeFrom, signedLogin } from "~/testing/nostr-login";
import { nostrSigner } from "~/testing/nostr-signer";
import { type RealEdge, realEdge } from "~/testing/real-edge";
import type { AppRouter } from "./router";

const PUBLIC = "https://timmy.example";
const VERIFY = "/api/identity/verify";
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
const challenge = () => challengeFrom(server.url, signer.pubkey);

describe("a login", () => {
  test("by a key that was made just now: challenge, signature, token, and who I am by it", async () => {
    const asked = await post("/api/identity/challenge", { pubkey: signer.pubkey });
    expect(asked.status).toBe(200);
    const { challenge, expiresAt } = (await asked.json()) as { challenge: string; expiresAt: string };
    expect(Date.parse(expiresAt) - Date.now()).toBeGreaterThan(295_000);

    const verified = await post(VERIFY, { pubkey: signer.pubkey, event: signer.relayLogin(challenge, server.url) });
    expect(verified.status).toBe(200);
    const login = (await verified.json()) as { nostr_token: string; expiresAt: string };
    expect(login).toEqual({
      nostr_token: expect.any(String),
      pubkey: signer.pubkey,
      trust_tier: "new",
      expiresAt: expect.any(String),
    });
    expect(Date.parse(login.expiresAt) - Date.now()).toBeGreaterThan(86_390_000);

    const me = await call(ME, { headers: { "X-Nostr-Token": login.nostr_token } });
    expect(me.status).toBe(200);
    expect(await me.json()).toEqual({
      pubkey: signer.pubkey,
      trust_tier: "new",
      trust_score: 0,
      interaction_count: 0,
      sats_absorbed_today: 0,
      daily_budget_sats: 0,
      last_seen: expect.stringMatching(/^20\d\d-.*Z$/),
    });
  });

  test.each([
    ["ws", (url: string) => `${url.replace("http", "ws")}/`],
    ["http with a slash", (url: string) => `${url}/`],
  ])("names us as %s", async (_what, named) => {
    const event = signer.relayLogin(await challenge(), named(server.url));
    expect((await post(VERIFY, { event })).status).toBe(200);
  });

  test("of kind 27235 names our verify URL", async () => {
    expect((await post(VERIFY, { event: signer.httpLogin(await challenge(), server.url) })).status).toBe(200);
  });

  test("through tRPC is the same", async () => {
    const api = createTRPCClient<AppRouter>({ links: [httpLink({ url: `${server.url}/api/trpc` })] });
    const { challenge } = await api.identity.challenge.mutate({ pubkey: signer.pubkey });
    const { nostr_token: token } = await api.identity.verify.mutate({
      event: signer.httpLogin(challenge, server.url),
    });
    const known = createTRPCClient<AppRouter>({
      links: [httpBatchLink({ url: `${server.url}/api/trpc`, headers: { "x-nostr-token": token } })],
    });
    expect(await known.identity.me.query()).toMatchObject({ pubkey: signer.pubkey });
  });
});

describe("nobody is logged in by", () => {
  test("an event for another site, or through one", async () => {
    const evil = "http://evil.example";
    for (const event of [
      signer.relayLogin(await challenge(), evil),
      signer.httpLogin(await challenge(), evil),
      signer.relayLogin(await challenge(), server.url, {
        tags: [
          ["relay", server.url],
          ["relay", evil],
          ["challenge", await challenge()],
        ],
      }),
    ]) {
      await expectProblem(await post(VERIFY, { event }), 401, "NOSTR_EVENT_INVALID");
    }
    // Whoever had a visitor sign for a site of theirs brings it here under that site's name.
    for (const host of ["evil.example", "evil.example:80", "198.51.100.7", "[2001:db8::1]"]) {
      const origin = `http://${host.replace(/:80$/, "")}`;
      const brought = await server.postAs(host, VERIFY, { event: signer.relayLogin(await challenge(), origin) });
      expect([host, brought.status, brought.code]).toEqual([host, 401, "NOSTR_EVENT_INVALID"]);
    }
  });

  test("something altered, forged, old, or of another kind", async () => {
    const fresh = signer.relayLogin(await challenge(), server.url);
    const past = Math.floor(Date.now() / 1000) - 610;
    const thief = nostrSigner();
    const tokens: [event: object, code: string][] = [
      [{ ...fresh, sig: `${fresh.sig.slice(0, -2)}${fresh.sig.endsWith("00") ? "01" : "00"}` }, "NOSTR_EVENT_INVALID"],
      [{ ...fresh, sig: "" }, "NOSTR_EVENT_INVALID"],
      [{ ...fresh, id: "0".repeat(64) }, "NOSTR_EVENT_INVALID"],
      [{ ...fresh, content: "x" }, "NOSTR_EVENT_INVALID"],
      [{ ...fresh, pubkey: thief.pubkey }, "NOSTR_CHALLENGE_INVALID"],
      [{ ...fresh, kind: 1 }, "NOSTR_EVENT_INVALID"],
      [signer.relayLogin(await challenge(), server.url, { created_at: past }), "NOSTR_EVENT_INVALID"],
      [signer.relayLogin(await challenge(), server.url, { kind: 1 }), "NOSTR_EVENT_INVALID"],
      [signer.relayLogin("made-up", server.url), "NOSTR_CHALLENGE_INVALID"],
      [thief.relayLogin(await challenge(), server.url), "NOSTR_CHALLENGE_INVALID"],
    ];
    const before = await server.db.prisma.identity.count();
    for (const [event, code] of tokens) {
      const reply = await post(VERIFY, { event });
      expect(reply.headers.get("www-authenticate")).toBe("Nostr");
      await expectProblem(reply, 401, code);
    }
    await expectProblem(await post(VERIFY, { pubkey: thief.pubkey, event: fresh }), 401, "NOSTR_EVENT_INVALID");
    expect(await server.db.prisma.identity.count()).toBe(before);
    // None of it used the challenge up.
    expect((await post(VERIFY, { pubkey: signer.pubkey, event: fresh })).status).toBe(200);
    await expectProblem(await post(VERIFY, { event: fresh }), 401, "NOSTR_CHALLENGE_INVALID");
  });

  test.each([
    ["no event", {}],
    ["no object", { event: "x" }],
    ["half an event", { event: { id: "" } }],
    ["a time of text", { event: { ...nostrSigner().sign({}), created_at: "1" } }],
    ["a tag that is none", { event: { ...nostrSigner().sign({}), tags: [["a", 1]] } }],
  ])("%s, which is not as described", async (_what, body) => {
    await expectProblem(await post(VERIFY, body), 400, "INVALID_REQUEST");
  });

  test.each([undefined, "", "x", "AB".repeat(32), "a".repeat(63), 7, null])(
    "a challenge for %j is not given",
    async (pubkey) => {
      await expectProblem(await post("/api/identity/challenge", { pubkey }), 400, "INVALID_REQUEST");
    },
  );

  test("an event under any name but the one that the server was told", async () => {
    const named = await server.beside({ PUBLIC_URL: `${PUBLIC}/` });
    const given = await challengeFrom(named.url, signer.pubkey);
    const wrong = await named.post(VERIFY, { event: signer.relayLogin(given, named.url) });
    expect((await expectProblem(wrong, 401, "NOSTR_EVENT_INVALID")).detail).toContain(PUBLIC);
    expect((await named.post(VERIFY, { event: signer.relayLogin(given, "wss://timmy.example/") })).status).toBe(200);
    const signed = signer.authorization({ url: `${PUBLIC}${ME}?a=b%20c`, method: "GET" });
    expect((await named.call(`${ME}?a=b%20c`, { headers: { authorization: signed } })).status).toBe(200);
    await named.close();
  });
});

test("logins are limited, and asking for challenges is too", async () => {
  const strict = await server.beside({ IDENTITY_PER_MINUTE: "3" });
  await server.db.prisma.rateLimit.deleteMany(); // the other server counts there too
  const login = await signedLogin(strict.url, signer);
  const send = strict.post;
  expect((await send(VERIFY, login)).status).toBe(200);
  expect((await send("/api/identity/challenge", { pubkey: signer.pubkey })).status).toBe(200);
  const refused = await send("/api/identity/challenge", { pubkey: signer.pubkey });
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  await expectProblem(refused, 429, "TOO_MANY_REQUESTS");
  await expectProblem(await send(VERIFY, login), 429, "TOO_MANY_REQUESTS");
  await strict.close();
});

describe("pages of other sites", () => {
  test("may log in and read what they need, without cookies", async () => {
    const ask = { "access-control-request-method": "POST", "access-control-request-headers": "x-nostr-token" };
    const preflight = await call(VERIFY, {
      method: "OPTIONS",
      headers: { origin: "https://elsewhere.example", ...ask },
    });
    expect(preflight.status).toBe(204);
    const allowed = preflight.headers.get("access-control-allow-headers")?.toLowerCase().split(", ");
    for (const name of ["x-nostr-token", "authorization", "idempotency-key", "x-refund-token", "content-type"]) {
      expect(allowed).toContain(name);
    }
    const refused = await post(VERIFY, {}, { origin: "https://elsewhere.example", "x-nostr-token": "x" });
    for (const reply of [preflight, refused, await call(ME)]) {
      expect(reply.headers.get("access-control-allow-origin")).toBe("*");
      expect(reply.headers.get("access-control-allow-credentials")).toBeNull();
      const exposed = reply.headers.get("access-control-expose-headers")?.split(", ");
      for (const name of ["X-Nostr-Token", "WWW-Authenticate", "Payment-Receipt"]) expect(exposed).toContain(name);
    }
  });

  test.each(["/api/admin/node-status", "/api/dev/stub/pay/x", "/api/%61dmin/x", "/api/d%65v/stub/pay/x"])(
    "may not read %s",
    async (path) => {
      for (const method of ["OPTIONS", "POST", "GET"]) {
        const reply = await call(path, { method, headers: { origin: "https://elsewhere.example" } });
        expect(reply.headers.get("access-control-allow-origin"), method).toBeNull();
      }
    },
  );
});
