import { beforeAll, expect, test } from "vitest";
import { type FakeContainer, fakeContainer } from "~/testing/fake-container";
import { nostrSigner } from "~/testing/nostr-signer";
import { type CallDeps, callDeps, contextOf, type RequestInfo } from "./call-context";

const HOST = "localhost:3000";
let container: FakeContainer;
let deps: CallDeps;
beforeAll(async () => {
  container = await fakeContainer();
  deps = callDeps(container);
});

/** A call as the HTTP server hands it on: its headers are parsed, and making them into an object costs. */
function called(headers: NonNullable<RequestInfo["headers"]>, url = `http://${HOST}/api/jobs/1`) {
  let made = 0;
  const request = {
    method: "GET",
    url,
    get headers() {
      made += 1;
      return new Headers();
    },
  } as unknown as Request;
  const ctx = contextOf(deps, request, new URL(url).pathname, "", { remoteAddress: null, headers });
  return { ctx, headersMade: () => made };
}

test("a call without a credential costs nothing to be told anonymous", async () => {
  const identify = container.identity.identify;
  container.identity.identify = () => Promise.reject(new Error("nobody was to be asked"));
  for (const headers of [{}, { host: HOST, authorization: "Bearer x" }, { authorization: "L402 x:y" }]) {
    const { ctx, headersMade } = called(headers);
    expect([await ctx.identity(), headersMade()]).toEqual([null, 0]);
  }
  container.identity.identify = identify;
});

test("headers are found by any name's case, whoever parsed them", () => {
  const { ctx } = called({ "x-refund-token": "t", cookie: ["a", "b"] });
  expect([ctx.header("X-Refund-Token"), ctx.header("cookie"), ctx.header("none")]).toEqual(["t", "a,b", null]);
  const request = new Request("http://localhost/api", { headers: { "X-Refund-Token": "t" } });
  const bare = contextOf(deps, request, "/api", "", { remoteAddress: null });
  expect([bare.header("x-refund-token"), bare.header("none")]).toEqual(["t", null]);
});

test("who calls is found out once for a call", async () => {
  const signer = nostrSigner();
  const url = `http://${HOST}/api/jobs/1?a=b%20c`;
  const authorization = signer.authorization({ url, method: "GET" });
  const { ctx } = called({ host: HOST, authorization }, url);
  expect(await Promise.all([ctx.identity(), ctx.identity()])).toEqual([signer.pubkey, signer.pubkey]);
  expect(await ctx.identity()).toBe(signer.pubkey);
  await expect(called({ host: HOST, authorization }, url).ctx.identity()).rejects.toMatchObject({
    appError: { code: "nostrEventInvalid" },
  });
});

test("a refusal is the same each time it is asked for", async () => {
  const { ctx } = called({ "x-nostr-token": "x" });
  const refused = { appError: { code: "nostrTokenInvalid" } };
  await expect(ctx.identity()).rejects.toMatchObject(refused);
  await expect(ctx.identity()).rejects.toMatchObject(refused);
});
