import { afterAll, beforeAll, expect, test } from "vitest";
import { wakeUps } from "~/db/wake-ups";
import { openSession } from "~/testing/open-session";
import { type OtherProcess, otherProcess } from "~/testing/other-process";
import { DONE } from "~/testing/scripted-agent";
import { type TroubledWorkshop, troubledWorkshop } from "~/testing/troubled-workshop";
import { unwrap } from "~/testing/unwrap";
import { workshop } from "~/testing/workshop";
import { sessionFeed } from "./session-feed";
import type { WatchedSession } from "./session-schema";
import type { WatchedVersion } from "./session-watch";

let shop: TroubledWorkshop;
let other: OtherProcess;
beforeAll(async () => {
  shop = await troubledWorkshop();
  other = await otherProcess(shop.db.url);
});
afterAll(async () => {
  await other?.stop();
  await shop?.close();
});

const SOON = { timeout: 20_000 };

/** Somebody who watches a session and writes down what arrives. */
function watcher(sessionId: string, known: string | null = null) {
  const left = new AbortController();
  const items: WatchedVersion[] = [];
  const ended = (async () => {
    for await (const item of shop.services.sessions.watch(sessionId, known, left.signal)) items.push(item);
  })();
  return {
    items,
    last: () => items.at(-1),
    /** Waits until the newest that arrived looks like this. */
    sees: (part: Partial<WatchedSession>) =>
      expect.poll(() => items.at(-1)?.session, SOON).toMatchObject(part as Record<string, unknown>),
    async leave() {
      left.abort();
      await ended;
    },
  };
}

test("a watcher is told of the deposit, of each request, of a top-up and of the end", async () => {
  const { sessions } = shop.services;
  const created = unwrap(await sessions.create({ amountSats: 1000, clientKey: "me", pubkey: null }));
  const { sessionId, refundToken, depositInvoice } = created;
  const bearer = `Bearer ${created.macaroon}`;
  const watching = watcher(sessionId);
  await watching.sees({ state: "awaiting_payment", balanceSats: 0, depositInvoice });
  await shop.pay(depositInvoice.paymentHash);
  await watching.sees({ state: "active", balanceSats: 1000, depositInvoice: null, requests: [] });

  let finish: (() => void) | undefined;
  shop.agent.works(async () => {
    await new Promise<void>((resolve) => (finish = resolve));
    return DONE;
  });
  const answered = sessions.request(sessionId, bearer, { request: "a haiku", onceKey: null });
  await expect.poll(() => watching.last()?.session.requests.map(({ state }) => state), SOON).toEqual(["running"]);
  expect(watching.last()?.session.balanceSats).toBeLessThan(1000);
  await expect.poll(() => finish, SOON).toBeDefined();
  finish?.();
  const { balanceSats, requestId, debitedSats } = unwrap(await answered);
  await watching.sees({ balanceSats });
  expect(watching.last()?.session.requests).toMatchObject([{ requestId, state: "complete", debitedSats }]);

  const { topupInvoice } = unwrap(await sessions.topup(sessionId, bearer, 300));
  await watching.sees({ pendingTopup: topupInvoice });
  await shop.pay(topupInvoice.paymentHash);
  await watching.sees({ pendingTopup: null, balanceSats: balanceSats + 300 });

  unwrap(await sessions.close(sessionId, refundToken));
  await watching.sees({ state: "closed", balanceSats: 0, owedSats: balanceSats + 300 });
  const into = await openSession(shop, 100);
  const beside = watcher(into.sessionId);
  await beside.sees({ balanceSats: 100 });
  unwrap(await sessions.refund(sessionId, refundToken, { sessionId: into.sessionId }));
  await watching.sees({ owedSats: 0 });
  await beside.sees({ balanceSats: 400 + balanceSats });
  await Promise.all([watching.leave(), beside.leave()]);
  // Nothing is told twice.
  for (const { items } of [watching, beside]) {
    for (const [n, { version }] of items.entries()) expect(version).not.toBe(items[n - 1]?.version);
  }
});

test("what changes in another process is told here, and one who comes back hears only what is new", async () => {
  const { sessionId, bearer } = await openSession(shop, 1000);
  const first = watcher(sessionId);
  await first.sees({ balanceSats: 1000 });
  await first.leave();
  const back = watcher(sessionId, first.last()?.version);
  const answers = await other.call({
    path: "sessions.request",
    args: [sessionId, bearer, { request: "a haiku", onceKey: null }],
  });
  const [answer] = answers as [{ returned: { value: { balanceSats: number } } }];
  await back.sees({ balanceSats: answer.returned.value.balanceSats });
  expect(back.items.every(({ version }) => version !== first.last()?.version)).toBe(true);
  await back.leave();
});

test("a request that its dead process left behind is told of when it is cleaned up", async () => {
  const { sessionId, bearer } = await openSession(shop, 1000);
  const doomed = await otherProcess(shop.db.url);
  const watching = watcher(sessionId);
  void doomed.call({ path: "sessions.request", args: [sessionId, bearer, { request: "[slow]", onceKey: null }] });
  await expect.poll(() => watching.last()?.session.requests[0]?.state, SOON).toBe("running");
  await doomed.kill();
  await expect
    .poll(async () => {
      await shop.services.sessionSweep.failStrays();
      return watching.last()?.session.requests[0]?.state;
    }, SOON)
    .toBe("failed");
  expect(watching.last()?.session.balanceSats).toBe(1000);
  await watching.leave();
});

test("where announcements are lost, a watcher finds out by looking, and a payment that nobody told of too", async () => {
  const deaf = await workshop({
    outside: ({ db }) => ({ sessionFeed: sessionFeed(db, wakeUps(db.url, "nothing"), 100) }),
  });
  const left = new AbortController();
  try {
    const { sessions } = deaf.services;
    const { sessionId, depositInvoice } = unwrap(
      await sessions.create({ amountSats: 100, clientKey: "me", pubkey: null }),
    );
    const watching = sessions.watch(sessionId, null, left.signal);
    expect((await watching.next()).value).toMatchObject({ session: { state: "awaiting_payment" } });
    await deaf.payOutside(depositInvoice.paymentHash);
    expect((await watching.next()).value).toMatchObject({ session: { state: "active", balanceSats: 100 } });
    left.abort();
    expect(await watching.next()).toMatchObject({ done: true });
  } finally {
    left.abort();
    await deaf.close();
  }
});

test("whoever has the credential may watch, before the deposit is paid whoever has the refund token", async () => {
  const { sessions } = shop.services;
  const created = unwrap(await sessions.create({ amountSats: 100, clientKey: "me", pubkey: null }));
  const { sessionId: id, refundToken } = created;
  const authorization = `Bearer ${created.macaroon}`;
  const foreign = await openSession(shop, 100);
  const may = async (one: string, proofs: { authorization?: string; refundToken?: string }) => {
    const said = await sessions.mayWatch(one, {
      authorization: proofs.authorization ?? null,
      refundToken: proofs.refundToken,
    });
    return said.ok ? "yes" : said.error.code;
  };
  expect(await may(id, {})).toBe("credentialMissing");
  expect(await may(id, { authorization })).toBe("depositUnpaid");
  expect(await may(id, { authorization: foreign.bearer })).toBe("credentialInvalid");
  expect(await may(id, { refundToken: foreign.refundToken })).toBe("refundTokenWrong");
  // A wrong token is not made good by a credential beside it.
  expect(await may(foreign.sessionId, { authorization: foreign.bearer, refundToken })).toBe("refundTokenWrong");
  expect(await may("nothing", { refundToken })).toBe("sessionNotFound");
  expect(await may(id, { refundToken })).toBe("yes");
  await shop.pay(created.depositInvoice.paymentHash);
  expect(await may(id, { authorization })).toBe("yes");
});
