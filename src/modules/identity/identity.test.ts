import { describe, expect, test } from "vitest";
import { callFault, loginFault, type NostrEvent, tagOf } from "./identity";

const NOW = new Date("2026-11-22T12:00:00Z");
const SECONDS = NOW.getTime() / 1000;
const ours = { origin: "https://timmy.example", verifyUrl: "https://timmy.example/api/identity/verify" };

const event = (over: Partial<NostrEvent>): NostrEvent => ({
  id: "",
  pubkey: "",
  created_at: SECONDS,
  kind: 22242,
  tags: [],
  content: "",
  sig: "",
  ...over,
});
const relay = (...relays: string[]) => event({ tags: relays.map((url) => ["relay", url]) });
const http = (u: string, method: string, created_at = SECONDS) =>
  event({
    kind: 27235,
    tags: [
      ["u", u],
      ["method", method],
    ],
    created_at,
  });

describe("a login by kind 22242", () => {
  test.each([
    "https://timmy.example",
    "https://timmy.example/",
    "wss://timmy.example",
    "wss://timmy.example/",
    "WSS://Timmy.Example",
    "https://timmy.example:443",
  ])("is for us at %s", (url) => expect(loginFault(relay(url), ours, NOW)).toBeNull());

  test.each([
    "https://evil.example",
    "https://timmy.example.evil.example",
    "https://evil.example/https://timmy.example",
    "https://timmy.example@evil.example",
    "https://me@timmy.example",
    "https://timmy.example:8443",
    "https://timmy.example/path",
    "https://timmy.example//",
    "https://timmy.example/?x",
    "https://timmy.example/#x",
    "http://timmy.example",
    "ws://timmy.example",
    "timmy.example",
    "",
    "wss://",
    "javascript:alert(1)",
  ])("is not for us at %j", (url) => expect(loginFault(relay(url), ours, NOW)).toMatch(/another site/));

  test("names one place alone", () => {
    expect(loginFault(relay(), ours, NOW)).toMatch(/another site/);
    expect(loginFault(relay(ours.origin, "https://evil.example"), ours, NOW)).toMatch(/another site/);
    expect(loginFault(relay(ours.origin, ours.origin), ours, NOW)).toMatch(/another site/);
    expect(loginFault(event({ tags: [["relay"]] }), ours, NOW)).toMatch(/another site/);
  });

  test("at an http server of a house", () => {
    const house = { origin: "http://localhost:3000", verifyUrl: "http://localhost:3000/api/identity/verify" };
    for (const url of ["http://localhost:3000", "ws://localhost:3000/"]) {
      expect(loginFault(relay(url), house, NOW)).toBeNull();
    }
    expect(loginFault(relay("http://localhost:3001"), house, NOW)).toMatch(/another site/);
  });

  test.each([
    [600, null],
    [-600, null],
    [601, /within 600 seconds/],
    [-601, /within 600 seconds/],
    [-4e9, /within/],
    [Number.MAX_SAFE_INTEGER, /within/],
  ])("of %i seconds from now", (away, fault) => {
    const said = loginFault({ ...relay(ours.origin), created_at: SECONDS + away }, ours, NOW);
    if (fault === null) expect(said).toBeNull();
    else expect(said).toMatch(fault);
  });
});

describe("a login by kind 27235", () => {
  test("is a POST to our verify URL", () => {
    expect(loginFault(http(ours.verifyUrl, "POST"), ours, NOW)).toBeNull();
    expect(loginFault(http(ours.verifyUrl, "post"), ours, NOW)).toBeNull();
  });

  test.each([
    [`${ours.verifyUrl}/`, "POST", /address/],
    [`${ours.verifyUrl}?x=1`, "POST", /address/],
    [ours.origin, "POST", /address/],
    ["https://evil.example/api/identity/verify", "POST", /address/],
    [ours.verifyUrl, "GET", /method/],
    [ours.verifyUrl, "", /method/],
  ])("and nothing else: %s %s", (u, method, fault) => expect(loginFault(http(u, method), ours, NOW)).toMatch(fault));

  test("may be as old as a login", () => {
    expect(loginFault(http(ours.verifyUrl, "POST", SECONDS - 590), ours, NOW)).toBeNull();
    expect(loginFault(http(ours.verifyUrl, "POST", SECONDS - 610), ours, NOW)).toMatch(/within 600/);
  });
});

test.each([1, 0, 4, 27234, 22243, -1])("kind %i is no login", (kind) => {
  expect(loginFault({ ...relay(ours.origin), kind }, ours, NOW)).toMatch(/kind/);
});

describe("a call is authorised", () => {
  const call = { method: "GET", url: "https://timmy.example/api/estimate?request=a%20b&x=1" };

  test("by an event for it", () => {
    expect(callFault(http(call.url, "GET"), call, NOW)).toBeNull();
    expect(callFault(http("https://TIMMY.example:443/api/estimate?request=a b&x=1", "GET"), call, NOW)).toBeNull();
  });

  test.each([
    ["https://timmy.example/api/estimate", "GET", /address/],
    ["https://timmy.example/api/estimate?x=1&request=a%20b", "GET", /address/],
    ["https://timmy.example/api/estimate?request=a%20b&x=1&y=2", "GET", /address/],
    ["https://timmy.example/api/estimate?request=a%20b&x=1/", "GET", /address/],
    ["http://timmy.example/api/estimate?request=a%20b&x=1", "GET", /address/],
    ["/api/estimate?request=a%20b&x=1", "GET", /address/],
    [call.url, "POST", /method/],
  ])("and by none for %s %s", (u, method, fault) => expect(callFault(http(u, method), call, NOW)).toMatch(fault));

  test("within a minute", () => {
    expect(callFault(http(call.url, "GET", SECONDS - 60), call, NOW)).toBeNull();
    expect(callFault(http(call.url, "GET", SECONDS + 60), call, NOW)).toBeNull();
    expect(callFault(http(call.url, "GET", SECONDS - 61), call, NOW)).toMatch(/within 60/);
    expect(callFault(http(call.url, "GET", SECONDS + 61), call, NOW)).toMatch(/within 60/);
  });

  test("by no login of a relay", () => expect(callFault(relay(call.url), call, NOW)).toMatch(/kind/));
});

test("a tag that is there twice says nothing", () => {
  const tags = [["a", "1"], ["b", "1"], ["b", "2"], [], ["c"]];
  expect(["a", "b", "c", "d"].map((name) => tagOf(event({ tags }), name))).toEqual(["1", null, null, null]);
});
