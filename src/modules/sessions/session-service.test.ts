import { afterAll, beforeAll, expect, test } from "vitest";
import { unwrap } from "~/testing/unwrap";
import { type Workshop, workshop } from "~/testing/workshop";

let shop: Workshop;
beforeAll(async () => {
  shop = await workshop();
  await shop.services.books.openIfNew();
});
afterAll(() => shop.close());

test("a session, from the deposit to the change back", async () => {
  const { sessions, invoices } = shop.services;
  const created = unwrap(await sessions.create({ amountSats: 500, clientKey: "me", pubkey: null }));
  const bearer = `Bearer ${created.macaroon}`;
  const { sessionId, refundToken } = created;
  expect(created).toMatchObject({ state: "awaiting_payment", trust_tier: "anonymous" });
  expect(await sessions.view(sessionId, bearer, { limit: 10 })).toMatchObject({ error: { code: "depositUnpaid" } });

  await shop.payOutside(created.depositInvoice.paymentHash);
  const paid = unwrap(await sessions.view(sessionId, bearer, { limit: 10 }));
  expect(paid).toMatchObject({ state: "active", balanceSats: 500, owedSats: 0, requests: [], nextCursor: null });

  const pieces: string[] = [];
  const answer = unwrap(
    await sessions.request(
      sessionId,
      bearer,
      { request: "a haiku", onceKey: null },
      {
        begun: () => undefined,
        text: (piece) => pieces.push(piece),
      },
    ),
  );
  expect(answer).toMatchObject({ state: "complete", truncated: false, trust_tier: "anonymous" });
  expect(pieces.join("")).toBe(answer.result);
  expect(answer.debitedSats).toBeGreaterThan(0);
  expect(answer.balanceSats).toBe(500 - answer.debitedSats);
  expect(answer.costLedger?.actualAmountSats).toBe(answer.debitedSats);

  const rejected = unwrap(await sessions.request(sessionId, bearer, { request: "[reject]", onceKey: null }));
  expect(rejected).toMatchObject({ state: "rejected", reason: expect.any(String) });
  expect(rejected.debitedSats).toBeLessThanOrEqual(10);
  const failed = unwrap(await sessions.request(sessionId, bearer, { request: "[refuse]", onceKey: null }));
  expect(failed).toMatchObject({ state: "failed", debitedSats: 0, balanceSats: rejected.balanceSats });

  expect(unwrap(await sessions.viewRequest(sessionId, bearer, answer.requestId))).toEqual({
    ...answer,
    balanceSats: rejected.balanceSats,
  });
  const history = unwrap(await sessions.view(sessionId, bearer, { limit: 2 }));
  expect(history.requests.map(({ state }) => state)).toEqual(["failed", "rejected"]);
  const older = unwrap(await sessions.view(sessionId, bearer, { limit: 2, cursor: history.nextCursor ?? "" }));
  expect(older.requests.map(({ requestId }) => requestId)).toEqual([answer.requestId]);
  expect(older.nextCursor).toBeNull();

  const closed = unwrap(await sessions.close(sessionId, refundToken));
  expect(closed).toMatchObject({ state: "closed", balanceSats: 0, owedSats: rejected.balanceSats });
  expect(await sessions.request(sessionId, bearer, { request: "more", onceKey: null })).toMatchObject({
    error: { code: "sessionNotActive", state: "closed" },
  });
  expect(unwrap(await invoices.lookUp(created.depositInvoice.paymentHash))).toBe("settled");
  expect(unwrap(await shop.services.books.prove())).toMatchObject({ ok: true });
});
