import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { NostrEvent } from "~/modules/identity/identity";
import { edgeClient } from "~/testing/edge-client";
import { type EdgeServer, edgeServer } from "~/testing/edge-server";
import { type FakeContainer, fakeContainer } from "~/testing/fake-container";
import { challengeFrom, tokenFrom } from "~/testing/nostr-login";
import { inHeader, nostrSigner } from "~/testing/nostr-signer";
import { propertyRuns } from "~/testing/property-runs";

const RUNS = propertyRuns(300, 2000);
const ME = "/api/identity/me";
const signer = nostrSigner();
let container: FakeContainer;
let server: EdgeServer;
let call: ReturnType<typeof edgeClient>["call"];
let post: ReturnType<typeof edgeClient>["post"];

beforeAll(async () => {
  container = await fakeContainer();
  server = await edgeServer(container);
  ({ call, post } = edgeClient(server.url));
});
afterAll(() => server[Symbol.asyncDispose]());

/** Another character in place of one, one more, one fewer, or something else altogether. */
const spoiled = (text: string) =>
  fc.oneof(
    fc
      .tuple(
        fc.nat(Math.max(0, text.length - 1)),
        fc.constantFrom("0", "f", "A", ".", "-", " ", "\u0000", "é", "\ud800"),
      )
      .map(([at, character]) => text.slice(0, at) + character + text.slice(at + 1)),
    fc.nat(text.length).map((at) => text.slice(0, at)),
    fc.nat(text.length).map((at) => `${text.slice(0, at)}0${text.slice(at)}`),
    fc.constant(text.toUpperCase()),
    fc.string({ unit: "binary" }),
  );

const spoiledTags = (tags: string[][]) =>
  fc.oneof(
    fc.nat(tags.length - 1).map((at) => tags.toSpliced(at, 1)),
    fc.nat(tags.length - 1).map((at) => [...tags, tags[at] ?? []]),
    fc
      .nat(tags.length - 1)
      .chain((at) => spoiled(tags[at]?.[1] ?? "").map((value) => tags.with(at, [tags[at]?.[0] ?? "", value]))),
    fc.constant(tags.toReversed()),
    fc.array(fc.array(fc.string())),
  );

/** The event with one of its fields another, as somebody would try who cannot sign. */
function spoiledEvent(event: NostrEvent): fc.Arbitrary<Record<string, unknown>> {
  const field = fc.constantFrom<keyof NostrEvent>("id", "pubkey", "sig", "content", "created_at", "kind", "tags");
  return field.chain((name) => {
    const value = event[name];
    const other: fc.Arbitrary<unknown> =
      typeof value === "string"
        ? spoiled(value)
        : typeof value === "number"
          ? fc.oneof(fc.integer(), fc.double(), fc.constantFrom(value + 1, -value, 1e300))
          : spoiledTags(value);
    return fc
      .oneof({ weight: 5, arbitrary: other }, fc.anything({ maxDepth: 1 }))
      .map((to) => ({ ...event, [name]: to }));
  });
}

const wire = (value: unknown): string =>
  JSON.stringify(value, (_key, part) => (typeof part === "bigint" ? String(part) : part)) ?? "";
/** What the server reads, so that what did not change anything on the way counts as genuine. */
const isStill = (event: NostrEvent, sent: unknown) => {
  const { id, pubkey, created_at, kind, tags, content, sig } = JSON.parse(wire(sent)) as NostrEvent;
  return wire({ id, pubkey, created_at, kind, tags, content, sig }) === wire(event);
};

test("no spoiled event logs anybody in, and none of them is our fault", async () => {
  const challenge = await challengeFrom(server.url, signer.pubkey);
  const logins = [signer.relayLogin(challenge, server.url), signer.httpLogin(challenge, server.url)].map((event) => {
    const { id, pubkey, created_at, kind, tags, content, sig } = event;
    return { id, pubkey, created_at, kind, tags, content, sig };
  });
  const attempt = fc.constantFrom(...logins).chain((event) => fc.tuple(fc.constant(event), spoiledEvent(event)));
  await fc.assert(
    fc.asyncProperty(attempt, async ([event, sent]) => {
      if (isStill(event, sent)) return;
      const reply = await post("/api/identity/verify", wire({ event: sent }));
      expect([400, 401], await reply.text()).toContain(reply.status);
    }),
    RUNS,
  );
  // Through all of that the challenge stayed good.
  expect((await post("/api/identity/verify", { event: logins[0] })).status).toBe(200);
});

test("no spoiled token is anybody's", async () => {
  const token = await tokenFrom(server.url, signer);
  await fc.assert(
    fc.asyncProperty(spoiled(token), fc.boolean(), async (given, inBody) => {
      if (given.trim() === token) return; // a header's edges are not its content
      const sendable = /^[\x20-\x7e\x80-\xff]*$/.test(given);
      const reply =
        inBody || !sendable
          ? await post("/api/jobs", { request: "hello", nostr_token: given })
          : await call(ME, { headers: { "x-nostr-token": given } });
      expect([reply.status, await reply.text()]).toEqual([401, expect.stringContaining("NOSTR_TOKEN_INVALID")]);
    }),
    RUNS,
  );
});

test("no spoiled authorisation is anybody's, and what is no event is none", async () => {
  const { id, pubkey, created_at, kind, tags, content, sig } = JSON.parse(
    Buffer.from(signer.authorization({ url: `${server.url}${ME}`, method: "GET" }).slice(6), "base64").toString(),
  ) as NostrEvent;
  const event = { id, pubkey, created_at, kind, tags, content, sig };
  const header = fc.oneof(
    spoiledEvent(event).map((sent) => (isStill(event, sent) ? "Nostr" : inHeader(JSON.parse(wire(sent))))),
    fc
      .string({ unit: fc.integer({ min: 32, max: 126 }).map((code) => String.fromCharCode(code)) })
      .map((x) => `Nostr ${x}`),
    fc.anything().map((value) => inHeader(JSON.parse(wire(value) || "0"))),
    spoiled(inHeader(event).slice(0, -4)).filter((text) => /^Nostr [\x20-\x7e]*$/.test(text)),
  );
  await fc.assert(
    fc.asyncProperty(header, async (authorization) => {
      const reply = await call(ME, { headers: { authorization } });
      expect([reply.status, await reply.text()]).toEqual([401, expect.stringContaining("NOSTR_EVENT_INVALID")]);
    }),
    RUNS,
  );
  expect((await call(ME, { headers: { authorization: inHeader(event) } })).status).toBe(200);
});

test("and nothing of it was unexpected", () => {
  expect(container.logged.filter((line) => line.includes("unexpected error"))).toEqual([]);
});
