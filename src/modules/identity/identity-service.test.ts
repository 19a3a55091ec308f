import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { sats } from "~/core/money";
import { frozenClock } from "~/testing/frozen-clock";
import { inHeader, nostrSigner } from "~/testing/nostr-signer";
import { otherProcess } from "~/testing/other-process";
import { unwrap } from "~/testing/unwrap";
import { type Workshop, workshop } from "~/testing/workshop";

const ORIGIN = "https://timmy.example";
const ours = { origin: ORIGIN, verifyUrl: `${ORIGIN}/api/identity/verify` };
const clock = frozenClock();
let shop: Workshop;
let signer: ReturnType<typeof nostrSigner>;
beforeAll(async () => {
  shop = await workshop({ outside: () => ({ clock }) });
});
afterAll(() => shop.close());
beforeEach(() => {
  signer = nostrSigner();
});

const at = () => ({ created_at: Math.floor(clock.now().getTime() / 1000) });
const newChallenge = (pubkey = signer.pubkey) => shop.services.identity.challenge(pubkey).challenge;
const login = (challenge: string) => signer.relayLogin(challenge, ORIGIN, at());
const verify = (event: ReturnType<typeof login>, pubkey?: string) =>
  shop.services.identity.verify({ event, pubkey }, ours);
const isKnown = async (pubkey: string) => (await shop.services.trust.standing(shop.db.prisma, pubkey)) !== null;
const usedProofs = () => shop.db.prisma.usedProof.count();
const codeOf = (result: { ok: true } | { ok: false; error: { code: string } }) =>
  result.ok ? "ok" : result.error.code;

describe("a login", () => {
  test("makes the identity, and a token that is good for a day", async () => {
    const answer = unwrap(await verify(login(newChallenge()), signer.pubkey));
    expect(answer).toMatchObject({ pubkey: signer.pubkey, trust_tier: "new" });
    expect(Date.parse(answer.expiresAt)).toBe((at().created_at + 86_400) * 1000);
    expect(shop.services.identity.ofToken(answer.nostr_token)).toEqual({ ok: true, value: signer.pubkey });
    expect(await shop.services.identity.me(signer.pubkey)).toEqual({
      pubkey: signer.pubkey,
      trust_tier: "new",
      trust_score: 0,
      interaction_count: 0,
      sats_absorbed_today: 0,
      daily_budget_sats: 0,
      last_seen: clock.now().toISOString(),
    });
  });

  test("by kind 27235 too", async () => {
    expect(codeOf(await verify(signer.httpLogin(newChallenge(), ORIGIN, at())))).toBe("ok");
  });

  test("tells the tier and the budget that the key has come to", async () => {
    unwrap(await verify(login(newChallenge())));
    await shop.db.prisma.identity.update({
      where: { pubkey: signer.pubkey },
      data: { score: 60, interactionCount: 61, chargedSats: 100n },
    });
    expect(unwrap(await verify(login(newChallenge())))).toMatchObject({ trust_tier: "trusted" });
    await shop.services.pool.seedIfNew();
    const orderId = crypto.randomUUID();
    const { pool } = shop.services;
    await shop.db.inTx((tx) => pool.decide(tx, signer.pubkey, orderId, sats(30n)));
    await shop.db.inTx((tx) => pool.settle(tx, { orderKind: "job", orderId }, sats(20n), "a request"));
    expect(await shop.services.identity.me(signer.pubkey)).toMatchObject({
      trust_tier: "trusted",
      trust_score: 60,
      interaction_count: 61,
      sats_absorbed_today: 20,
      daily_budget_sats: 200,
    });
  });

  test("ends an absence: the score that is left stays", async () => {
    unwrap(await verify(login(newChallenge())));
    await shop.db.prisma.identity.update({ where: { pubkey: signer.pubkey }, data: { score: 60 } });
    clock.advance(45 * 86_400_000);
    expect(await shop.services.identity.me(signer.pubkey)).toMatchObject({
      trust_score: 45,
      trust_tier: "established",
    });
    expect(unwrap(await verify(login(newChallenge())))).toMatchObject({ trust_tier: "established" });
    clock.advance(86_400_000);
    expect(await shop.services.identity.me(signer.pubkey)).toMatchObject({ trust_score: 45 });
  });
});

describe("a challenge", () => {
  test("is good once", async () => {
    const event = login(newChallenge());
    expect(codeOf(await verify(event))).toBe("ok");
    expect(codeOf(await verify(event))).toBe("nostrChallengeInvalid");
  });

  test("is good for one event, though many carry it, in two processes at once", async () => {
    const processes = await Promise.all([otherProcess(shop.db.url), otherProcess(shop.db.url)]);
    // Other processes live by the real clock, so the challenge is of one of them.
    const [made] = await processes[0].call({ path: "identity.challenge", args: [signer.pubkey] });
    const { challenge } = (made && "returned" in made ? made.returned : {}) as { challenge: string };
    const calls = Array.from({ length: 10 }, (_, index) => {
      const event = signer.relayLogin(challenge, ORIGIN, { content: `${index}` });
      return { path: "identity.verify", args: [{ event }, ours] };
    });
    const outcomes = (await Promise.all(processes.map((each) => each.call(...calls)))).flat();
    await Promise.all(processes.map((each) => each.stop()));
    const codes = outcomes.map((outcome) => ("returned" in outcome ? codeOf(outcome.returned as never) : "threw"));
    expect(codes.filter((code) => code === "ok")).toHaveLength(1);
    expect(codes.filter((code) => code === "nostrChallengeInvalid")).toHaveLength(19);
  });

  test("is not used up by what is no login", async () => {
    const challenge = newChallenge();
    const event = login(challenge);
    const thief = nostrSigner();
    const refused: [ReturnType<typeof login>, code: string][] = [
      [{ ...event, sig: "0".repeat(128) }, "nostrEventInvalid"],
      [{ ...event, content: "altered" }, "nostrEventInvalid"],
      [{ ...event, id: thief.sign({}).id }, "nostrEventInvalid"],
      [{ ...event, pubkey: thief.pubkey }, "nostrChallengeInvalid"],
      [thief.relayLogin(challenge, ORIGIN, at()), "nostrChallengeInvalid"],
      [signer.relayLogin(challenge, "https://evil.example", at()), "nostrEventInvalid"],
      [signer.httpLogin(challenge, "https://evil.example", at()), "nostrEventInvalid"],
      [signer.relayLogin(challenge, ORIGIN, { created_at: at().created_at - 601 }), "nostrEventInvalid"],
      [signer.relayLogin(challenge, ORIGIN, { ...at(), kind: 1 }), "nostrEventInvalid"],
    ];
    const before = await usedProofs();
    for (const [wrong, code] of refused) expect(codeOf(await verify(wrong)), JSON.stringify(wrong)).toBe(code);
    expect(codeOf(await verify(event, thief.pubkey))).toBe("nostrEventInvalid");
    expect(await usedProofs()).toBe(before);
    expect(await isKnown(signer.pubkey)).toBe(false);
    expect(await isKnown(thief.pubkey)).toBe(false);
    expect(codeOf(await verify(event))).toBe("ok");
  });

  test("is one of several, each good for itself", async () => {
    const [one, two] = [newChallenge(), newChallenge()];
    expect(codeOf(await verify(login(two)))).toBe("ok");
    expect(codeOf(await verify(login(one)))).toBe("ok");
  });

  test("expires, is nobody else's, and is made by us", async () => {
    const challenge = newChallenge();
    clock.advance(301_000);
    expect(codeOf(await verify(login(challenge)))).toBe("nostrChallengeInvalid");
    expect(codeOf(await verify(login(newChallenge(nostrSigner().pubkey))))).toBe("nostrChallengeInvalid");
    for (const made of ["", "x", challenge.replace(/\d{10}/, "9999999999")]) {
      expect(codeOf(await verify(login(made)))).toBe("nostrChallengeInvalid");
    }
    const twice = [
      ["relay", ORIGIN],
      ["challenge", newChallenge()],
      ["challenge", newChallenge()],
    ];
    expect(codeOf(await verify(signer.sign({ kind: 22242, tags: twice, ...at() })))).toBe("nostrChallengeInvalid");
  });

  test("leaves nothing behind by being asked for", async () => {
    const before = await usedProofs();
    for (let index = 0; index < 50; index += 1) newChallenge();
    expect(await usedProofs()).toBe(before);
    expect(await isKnown(signer.pubkey)).toBe(false);
  });
});

test("a server that cannot tell its own name logs nobody in", async () => {
  const event = login(newChallenge());
  expect(codeOf(await shop.services.identity.verify({ event }, null))).toBe("nostrEventInvalid");
  const call = { method: "GET", url: null, body: "" };
  const signed = signer.authorization({ url: "x", method: "GET" }).slice("Nostr ".length);
  expect(codeOf(await shop.services.identity.identify({ token: null, signed, call }))).toBe("nostrEventInvalid");
});

describe("a call signed by itself", () => {
  const call = { method: "GET", url: `${ORIGIN}/api/identity/me`, body: "" };
  const signed = () => signer.authorization(call, at()).slice("Nostr ".length);
  const identify = (given: { token?: string; signed?: string }) =>
    shop.services.identity.identify({ token: null, signed: null, ...given, call });

  test("is its key's, once", async () => {
    const event = signed();
    expect(await identify({ signed: event })).toEqual({ ok: true, value: signer.pubkey });
    expect(codeOf(await identify({ signed: event }))).toBe("nostrEventInvalid");
    // The same event in other clothes.
    const json = JSON.parse(Buffer.from(event, "base64").toString());
    const reordered = inHeader(Object.fromEntries(Object.entries(json).reverse())).slice("Nostr ".length);
    expect(codeOf(await identify({ signed: reordered }))).toBe("nostrEventInvalid");
    expect(await isKnown(signer.pubkey)).toBe(false);
    expect(await shop.services.identity.me(signer.pubkey)).toMatchObject({ trust_tier: "new", last_seen: null });
  });

  test("is good for one of two processes", async () => {
    const processes = await Promise.all([otherProcess(shop.db.url), otherProcess(shop.db.url)]);
    const event = signer.authorization(call).slice("Nostr ".length);
    const asked = { path: "identity.identify", args: [{ token: null, signed: event, call }], times: 10 };
    const outcomes = (await Promise.all(processes.map((each) => each.call(asked)))).flat();
    await Promise.all(processes.map((each) => each.stop()));
    const good = outcomes.filter((outcome) => "returned" in outcome && codeOf(outcome.returned as never) === "ok");
    expect([good.length, outcomes.length]).toEqual([1, 20]);
  });

  test("agrees with the token that comes with it, or is refused and not used up", async () => {
    const { nostr_token: token } = unwrap(await verify(login(newChallenge())));
    expect(await identify({ token, signed: signed() })).toEqual({ ok: true, value: signer.pubkey });
    const stranger = nostrSigner();
    const theirs = stranger.authorization(call, at()).slice("Nostr ".length);
    expect(codeOf(await identify({ token, signed: theirs }))).toBe("nostrCredentialsDiffer");
    expect(codeOf(await identify({ token: "x", signed: theirs }))).toBe("nostrTokenInvalid");
    expect(await identify({ signed: theirs })).toEqual({ ok: true, value: stranger.pubkey });
  });

  test("is remembered for as long as it could be used again", async () => {
    const early = signer.authorization(call, { created_at: at().created_at + 60 }).slice("Nostr ".length);
    expect(codeOf(await identify({ signed: early }))).toBe("ok");
    for (let seconds = 0; seconds <= 121; seconds += 30) {
      await shop.services.tasks["forget-used-proofs"]();
      expect(codeOf(await identify({ signed: early }))).toBe("nostrEventInvalid");
      clock.advance(30_000);
    }
    expect(await usedProofs()).toBeGreaterThan(0);
    clock.advance(2 * 3_600_000);
    await shop.services.tasks["forget-used-proofs"]();
    expect(await usedProofs()).toBe(0);
    expect(codeOf(await identify({ signed: early }))).toBe("nostrEventInvalid");
  });
});
